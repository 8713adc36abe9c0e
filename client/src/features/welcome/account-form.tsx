import { useState } from 'react';
import { View } from 'react-native';
import { codeOf } from '../../lib/api/problem.ts';
import { errorText, problemText } from '../../lib/i18n/problems.ts';
import { useMe } from '../../lib/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Text } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import type { AccountEntry, EntryErrors } from './check-account.ts';
import { HouseRules } from './house-rules.tsx';
import { useText } from './texts.ts';
import { useEnter } from './use-enter.ts';

/** Makes an account, or turns the guest into one. */
export function AccountForm({ way }: { way: 'signup' | 'upgrade' }) {
  const t = useText();
  const enter = useEnter(true);
  const [entry, setEntry] = useState<AccountEntry>({ email: '', username: '', password: '', birth_year: '', terms: false });
  const [errors, setErrors] = useState<EntryErrors>({});
  const set = (change: Partial<AccountEntry>) => setEntry((before) => ({ ...before, ...change }));
  const problem = enter.error ? codeOf(enter.error) : null;
  const consents = useMe().data?.consents;
  // A guest who has published was asked for both then.
  const given =
    way === 'upgrade' && consents?.terms_accepted_at != null && consents.birth_year !== null
      ? { terms: true, birth_year: String(consents.birth_year) }
      : null;

  const [isPartLost, setPartLost] = useState(false);

  // With it come the contract's schemas, which nobody needs who only plays.
  const submit = async () => {
    const part = await import('./check-account.ts').catch(() => null);
    setPartLost(part === null);
    if (part === null) {
      return;
    }
    const checked = part.checkAccount({ ...entry, ...given }, new Date().getFullYear());
    setErrors(checked.ok ? {} : checked.errors);
    if (checked.ok) {
      enter.mutate({ way, body: checked.body });
    }
  };
  const say = (key: EntryErrors[keyof EntryErrors]) => (key ? t(key) : undefined);
  const taken = (code: 'email_taken' | 'username_taken') => (problem === code && enter.error ? errorText(enter.error) : undefined);
  const isElsewhere = problem !== null && problem !== 'email_taken' && problem !== 'username_taken';
  return (
    <View style={{ gap: space.l }}>
      <Field
        label={t('username')}
        help={t('username_help')}
        value={entry.username}
        onChangeText={(username) => set({ username })}
        error={say(errors.username) ?? taken('username_taken')}
        autoComplete="username"
        autoCapitalize="none"
      />
      <Field
        label={t('email')}
        value={entry.email}
        onChangeText={(email) => set({ email })}
        error={say(errors.email) ?? taken('email_taken')}
        autoComplete="email"
        keyboardType="email-address"
        autoCapitalize="none"
      />
      <Field
        label={t('password')}
        help={t('password_help')}
        value={entry.password}
        onChangeText={(password) => set({ password })}
        error={say(errors.password)}
        autoComplete="new-password"
        secureTextEntry
      />
      {given === null ? (
        <>
          <Field
            label={t('birth_year')}
            help={t('birth_year_help')}
            value={entry.birth_year}
            onChangeText={(birth_year) => set({ birth_year })}
            error={say(errors.birth_year)}
            keyboardType="number-pad"
            maxLength={4}
            onSubmitEditing={() => void submit()}
          />
          <HouseRules accepted={entry.terms} onChange={(terms) => set({ terms })} error={say(errors.terms)} />
        </>
      ) : null}
      {isElsewhere || isPartLost ? (
        <Text color="lie" role="alert">
          {isPartLost ? problemText('offline') : errorText(enter.error)}
        </Text>
      ) : null}
      <Button title={t('signup')} onPress={() => void submit()} busy={enter.isPending} />
    </View>
  );
}
