import { useState } from 'react';
import { View } from 'react-native';
import { errorText } from '../../lib/i18n/problems.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Text } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useText } from './texts.ts';
import { useEnter } from './use-enter.ts';

export function LoginForm() {
  const t = useText();
  const enter = useEnter(true);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const emailError = isTried && !email.includes('@') ? t('email_wrong') : undefined;
  const passwordError = isTried && password === '' ? t('password_missing') : undefined;

  const submit = () => {
    setTried(true);
    if (email.includes('@') && password !== '') {
      enter.mutate({ way: 'login', email, password });
    }
  };
  return (
    <View style={{ gap: space.l }}>
      <Field
        label={t('email')}
        value={email}
        onChangeText={setEmail}
        error={emailError}
        autoComplete="email"
        keyboardType="email-address"
        autoCapitalize="none"
      />
      <Field
        label={t('password')}
        value={password}
        onChangeText={setPassword}
        error={passwordError}
        autoComplete="current-password"
        secureTextEntry
        onSubmitEditing={submit}
      />
      {enter.error ? (
        <Text color="lie" role="alert">
          {errorText(enter.error)}
        </Text>
      ) : null}
      <Button title={t('login')} onPress={submit} busy={enter.isPending} />
    </View>
  );
}
