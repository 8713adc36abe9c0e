import { useConsentText, useTellsConsent } from '../../../lib/tells-consent.ts';
import { ConfirmedSwitch } from '../../../ui/confirmed-switch.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Text, Title } from '../../../ui/text.tsx';
import { useText } from '../texts.ts';

/** The question to somebody who has given terms and age elsewhere. Nothing is ticked before them. */
export function TellsQuestion() {
  const t = useText();
  const tells = useConsentText();
  const consent = useTellsConsent();
  if (consent === null) {
    return null;
  }
  return (
    <Panel>
      <Title level={2}>{t('tells_title')}</Title>
      <Text variant="small" color="dim">
        {tells('notice')}
      </Text>
      <ConfirmedSwitch {...consent} />
    </Panel>
  );
}
