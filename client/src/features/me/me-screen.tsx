import { useQueryClient } from '@tanstack/react-query';
import { useFocusEffect, useRouter } from 'expo-router';
import { useCallback, useRef } from 'react';
import { RefreshControl, type ScrollView, View } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { meKey } from '../../lib/query-keys.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { useMe } from '../../lib/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/message-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { StatsPanel } from './calibration-panel.tsx';
import { GuessHistory } from './guess-history.tsx';
import { InstallPanel } from './install-panel.tsx';
import { LeavePanel } from './leave-panel.tsx';
import { MyChallenges } from './my-challenges.tsx';
import { NotificationsPanel } from './notifications-panel.tsx';
import { OwnTells } from './own-tells.tsx';
import { ProfileHead } from './profile-head.tsx';
import { ServerPanel } from './server-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { useText } from './texts.ts';

export function MeScreen() {
  const t = useText();
  const router = useRouter();
  const auth = useAppSelector((state) => state.auth);
  if (auth.status === 'player') {
    return <Profile isGuest={auth.player.is_guest} />;
  }
  return (
    <Screen>
      <EmptyState
        title={t('nobody_title')}
        body={t('nobody_body')}
        action={{ title: t('nobody_action'), onPress: () => router.push('/welcome') }}
      />
      <SettingsPanel />
      <InstallPanel />
      <ServerPanel />
    </Screen>
  );
}

function Profile({ isGuest }: { isGuest: boolean }) {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  const queries = useQueryClient();
  const me = useMe();
  const page = useRef<ScrollView>(null);
  // The tab stays mounted while its player publishes and others guess; what is on its way already is not asked for twice.
  useFocusEffect(useCallback(() => void queries.invalidateQueries({ queryKey: meKey() }, { cancelRefetch: false }), [queries]));
  return (
    <Screen
      column={620}
      scrollRef={page}
      refreshControl={<RefreshControl refreshing={me.isRefetching} onRefresh={() => void me.refetch()} />}
      style={{ gap: space.xl }}
    >
      <ProfileHead me={me.data ?? null} />
      {me.isError && !me.data ? (
        <Panel tone="lie">
          <Text role="alert">{errorText(me.error)}</Text>
          <Button kind="secondary" title={common('retry')} onPress={() => void me.refetch()} busy={me.isFetching} />
        </Panel>
      ) : null}
      {isGuest ? (
        <Panel tone="truth" style={{ gap: space.m }}>
          <Title level={2}>{t('upgrade_title')}</Title>
          <Text color="dim">{t('upgrade_body')}</Text>
          <Button title={t('upgrade_action')} onPress={() => router.push('/welcome?mode=upgrade')} />
          <Button kind="ghost" title={t('login')} onPress={() => router.push('/welcome?mode=login')} />
        </Panel>
      ) : null}
      <MyChallenges />
      <StatsPanel />
      <GuessHistory />
      <OwnTells />
      <SettingsPanel />
      <NotificationsPanel />
      <InstallPanel />
      <ServerPanel />
      <SessionsPanel />
      <View style={{ paddingBottom: space.xl }}>
        <LeavePanel isGuest={isGuest} onAsked={() => page.current?.scrollToEnd()} />
      </View>
    </Screen>
  );
}
