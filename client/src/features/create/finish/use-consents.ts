import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../lib/api.ts';
import { errorText } from '../../../lib/i18n/problems.ts';
import { meKey } from '../../../lib/query-keys.ts';
import { useMe } from '../../../lib/use-me.ts';
import { type ConsentEntry, type ConsentErrors, checkConsents } from './check-consents.ts';

/** What the server still wants to know before the first challenge, and how to give it. */
export function useConsents(wereAskedFor: boolean) {
  const queries = useQueryClient();
  const me = useMe();
  const [entry, setEntry] = useState<ConsentEntry>({ terms: false, birth_year: '', tells: false });
  const [wasAsked, setAsked] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [isGiving, setGiving] = useState(false);

  const known = me.data?.consents;
  const isComplete = known !== undefined && known.terms_accepted_at !== null && known.birth_year !== null;
  // What nobody could ask for yet is asked for by the server when it comes to publishing.
  const areNeeded = !isComplete && (known !== undefined || wereAskedFor);

  const checked = checkConsents(entry, new Date().getFullYear());
  // From the first try on they follow what is typed: a wrong that was put right is not shown any more.
  const errors: ConsentErrors = wasAsked && areNeeded ? checked.errors : {};

  /** True when there is nothing more to ask. */
  async function give(): Promise<boolean> {
    if (!areNeeded) {
      return true;
    }
    setAsked(true);
    if (checked.body === null) {
      return false;
    }
    setGiving(true);
    setFailure(null);
    try {
      await api.putConsents({ body: checked.body });
      await queries.invalidateQueries({ queryKey: meKey() });
      return true;
    } catch (error) {
      setFailure(errorText(error));
      return false;
    } finally {
      setGiving(false);
    }
  }

  return {
    areNeeded,
    isGiving,
    entry,
    errors,
    failure,
    set: (change: Partial<ConsentEntry>) => setEntry((before) => ({ ...before, ...change })),
    give,
  };
}

export type UsedConsents = ReturnType<typeof useConsents>;
