import { useState } from 'react';
import { View } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { useText } from './texts.ts';
import { useLogOut } from './use-me.ts';

interface Props {
  isGuest: boolean;
  /** The question is laid out; it is higher than the button that it stands for. */
  onAsked: () => void;
}

/** The way out. A guest hears first what it costs. */
export function LeavePanel({ isGuest, onAsked }: Props) {
  const t = useText();
  const common = useCommonText();
  const leave = useLogOut();
  const [isAsking, setAsking] = useState(false);
  if (isGuest && isAsking) {
    return (
      <View onLayout={onAsked}>
        <Panel tone="lie">
          <Title level={2}>{t('logout_guest_title')}</Title>
          <Text color="dim">{t('logout_guest_body')}</Text>
          <Button kind="danger" title={t('logout_confirm')} onPress={() => leave.mutate()} busy={leave.isPending} />
          <Button kind="ghost" title={common('cancel')} onPress={() => setAsking(false)} />
        </Panel>
      </View>
    );
  }
  return (
    <Button kind="secondary" title={t('logout')} onPress={() => (isGuest ? setAsking(true) : leave.mutate())} busy={leave.isPending} />
  );
}
