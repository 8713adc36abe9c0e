import { useSyncExternalStore } from 'react';
import { install } from '../../lib/install';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useDeviceText } from './device-texts.ts';

/** The way onto the home screen, where the browser has one and it was not gone yet. */
export function InstallPanel() {
  const t = useDeviceText();
  const way = useSyncExternalStore(install.subscribe, install.way, install.way);
  if (way === 'none') {
    return null;
  }
  return (
    <Panel style={{ gap: space.m }}>
      <Title level={2}>{t('install')}</Title>
      <Text color="dim">{t('install_body')}</Text>
      {way === 'prompt' ? (
        <Button kind="secondary" icon="plus" title={t('install_action')} onPress={install.ask} />
      ) : (
        <Text>{t('install_by_hand')}</Text>
      )}
    </Panel>
  );
}
