import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { useIsMutating, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { codeOf, NetworkError } from './api/problem.ts';
import { api } from './api.ts';
import { errorText } from './i18n/problems.ts';
import { analysisKey, tellChoicesKey } from './query-keys.ts';
import { consentMutation, useConsentText } from './tells-consent.ts';
import { useMe } from './use-me.ts';

type Change = Partial<Record<SegmentIndex, boolean>>;

/** Of each statement, whether its tells may be measured; null until that is known, and where there is nothing to choose. */
export interface ClipTells {
  choices: readonly boolean[] | null;
  choose: (index: SegmentIndex, allowed: boolean) => void;
  /** Takes the tells of both off where a move would carry one clip's "no" away from it, and says whether it did. Throws where the server could not be told. */
  beforeSwap: (a: SegmentIndex, b: SegmentIndex) => Promise<boolean>;
  failure: { index: SegmentIndex; text: string } | null;
}

/** The choices of the author's own challenge; null where there is none. They live on the server, show at once and are taken back where it refuses. */
export function useClipTells(challengeId: string | null): ClipTells {
  const t = useConsentText();
  const queries = useQueryClient();
  // Until the server has heard of a consent, it calls every clip declined.
  const isSaying = useIsMutating({ mutationKey: consentMutation }) > 0;
  const isOn = useMe().data?.consents.tells === true && !isSaying;
  const id = challengeId ?? '';
  const key = tellChoicesKey(id);
  const choices = useQuery({ queryKey: key, queryFn: ({ signal }) => readChoices(id, signal), enabled: isOn && id !== '', staleTime: 0 });
  // What this device kept may be older than the last choice: only what the server has said since counts.
  const isKnown = choices.isFetchedAfterMount;
  const known = () => (isKnown ? queries.getQueryData<readonly boolean[]>(key) : undefined);
  const show = (change: Change) => {
    queries.setQueryData<readonly boolean[]>(key, (before) => before && applied(before, change));
  };
  const put = useMutation({
    mutationKey: key,
    mutationFn: async (_change: Change) => {
      const segments = known();
      return segments === undefined ? null : await api.chooseTells({ params: { id }, body: { segments: [...segments] } });
    },
    // One after the other, each with all that is chosen by then.
    scope: { id: `tells-${id}` },
    meta: { silent: true },
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: key });
      show(change);
    },
    onError: (_error, change) => show(inverted(change)),
    onSuccess: () => void queries.resetQueries({ queryKey: analysisKey(id), exact: true }),
  });
  const [failed] = SEGMENT_INDEXES.filter((index) => put.error !== null && put.variables?.[index] !== undefined);
  const why = () => (codeOf(put.error) === 'challenge_locked' ? t('clip_gone') : errorText(put.error));
  return {
    choices: isOn && isKnown ? (choices.data ?? null) : null,
    choose: (index, allowed) => put.mutate({ [index]: allowed }),
    beforeSwap: async (a, b) => {
      const now = known();
      if (!isOn || id === '' || (now !== undefined && now[a] === now[b])) {
        return false;
      }
      if (now === undefined) {
        throw new NetworkError('offline', null);
      }
      const change: Change = now[a] === true ? { [a]: false } : { [b]: false };
      await put.mutateAsync(change);
      return true;
    },
    failure: failed === undefined ? null : { index: failed, text: why() },
  };
}

async function readChoices(id: string, signal: AbortSignal): Promise<readonly boolean[]> {
  const { emotion_analysis } = await api.analysis({ params: { id } }, { signal });
  return emotion_analysis.segments.map(({ status }) => status !== 'declined');
}

function applied(before: readonly boolean[], change: Change): readonly boolean[] {
  return SEGMENT_INDEXES.map((index) => change[index] ?? before[index] ?? false);
}

function inverted(change: Change): Change {
  return Object.fromEntries(Object.entries(change).map(([index, allowed]) => [index, !allowed]));
}
