import { useConsentText } from '../../../lib/tells-consent.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field } from '../../../ui/field.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Text, Title } from '../../../ui/text.tsx';
import { useText } from '../texts.ts';
import type { UsedConsents } from './use-consents.ts';

/** Terms and year of birth, once; and whether tells may be measured, which may stay empty. */
export function ConsentPanel({ consents }: { consents: UsedConsents }) {
  const t = useText();
  const tells = useConsentText();
  const { entry, errors, failure, set } = consents;
  return (
    <Panel tone={failure === null && Object.keys(errors).length === 0 ? 'plain' : 'lie'}>
      <Title level={2}>{t('consent_title')}</Title>
      <Text variant="small" color="dim">
        {t('rules')}
      </Text>
      <Checkbox
        label={t('terms')}
        checked={entry.terms}
        error={errors.terms && t(errors.terms)}
        onChange={(terms) => set({ terms })}
        testID="accept-terms"
      />
      <Field
        label={t('birth_year')}
        help={t('birth_year_help')}
        error={errors.birth_year && t(errors.birth_year)}
        value={entry.birth_year}
        keyboardType="number-pad"
        maxLength={4}
        testID="birth-year"
        onChangeText={(birth_year) => set({ birth_year })}
      />
      <Checkbox
        label={t('tells_free', { question: tells('measure') })}
        checked={entry.tells}
        onChange={(choice) => set({ tells: choice })}
      />
      <Text variant="small" color="dim">
        {tells('notice')}
      </Text>
    </Panel>
  );
}
