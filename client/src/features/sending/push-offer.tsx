import { useEffect, useState } from 'react';
import { View } from 'react-native';
import { errorText } from '../../lib/i18n/problems.ts';
import { keepPushMemory, readPushMemory } from '../../lib/push/push-memory.ts';
import { FIRST_WANTS } from '../../lib/push/push-state.ts';
import { usePushText } from '../../lib/push/push-texts.ts';
import { usePush } from '../../lib/push/use-push.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useTheme } from '../../ui/theme-provider.tsx';

/** The one moment in which the question explains itself: something of one's own is out. Made until it is answered, here or in the settings. */
export function PushOffer() {
  const t = usePushText();
  const { colors } = useTheme();
  const { view, error, isBusy, want } = usePush();
  const [answer, setAnswer] = useState<'unknown' | 'open' | 'yes' | 'no'>('unknown');
  useEffect(() => {
    void readPushMemory().then(({ is_answered }) => setAnswer(is_answered ? 'no' : 'open'));
  }, []);
  const refuse = () => {
    setAnswer('no');
    void keepPushMemory({ is_answered: true });
  };
  const accept = () => {
    setAnswer('yes');
    want(FIRST_WANTS);
  };
  if (answer === 'yes' && view.status !== 'off') {
    const text = view.status === 'on' ? t('offer_done') : view.status === 'closed' ? t(`closed_${view.why}`) : '';
    return (
      <Text role="status" align="center" variant="small">
        {text}
      </Text>
    );
  }
  if (view.status !== 'off' || answer === 'unknown' || answer === 'no') {
    return null;
  }
  return (
    <Panel style={{ gap: space.m, alignSelf: 'stretch' }}>
      <View style={{ flexDirection: 'row', gap: space.m, alignItems: 'center' }}>
        <Icon name="bell" size={28} color={colors.gold} />
        <View style={{ flex: 1 }}>
          <Title level={2}>{t('offer_title')}</Title>
          <Text variant="small" color="dim">
            {t('offer_body')}
          </Text>
        </View>
      </View>
      {error && !isBusy ? (
        <Text variant="small" role="alert">
          {errorText(error)}
        </Text>
      ) : null}
      <View style={{ flexDirection: 'row', gap: space.s }}>
        <Button kind="ghost" title={t('offer_no')} onPress={refuse} style={{ flex: 1 }} />
        <Button kind="secondary" title={t('offer_yes')} busy={isBusy} onPress={accept} style={{ flex: 1 }} />
      </View>
    </Panel>
  );
}
