import type { Session } from '@2t1l/contract/schemas';
import { View } from 'react-native';
import { formatDate } from '../../lib/format.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { deviceName } from './device-name.ts';
import { useText } from './texts.ts';
import { useEndSession, useSessions } from './use-me.ts';

/** Where this player is logged in; each session can be ended. */
export function SessionsPanel() {
  const t = useText();
  const common = useCommonText();
  const sessions = useSessions();
  const end = useEndSession();
  const items = sessions.data?.items ?? [];
  return (
    <Panel style={{ gap: space.m }}>
      <Title level={2}>{t('sessions')}</Title>
      {sessions.isPending ? <Skeleton height={48} /> : null}
      {sessions.isError && items.length === 0 ? (
        <>
          <Text role="alert">{errorText(sessions.error)}</Text>
          <Button kind="secondary" title={common('retry')} onPress={() => void sessions.refetch()} busy={sessions.isFetching} />
        </>
      ) : null}
      {items.map((item) => (
        <Row key={item.id} item={item} onEnd={() => end.mutate(item.id)} busy={end.isPending && end.variables === item.id} />
      ))}
      {items.length > 1 ? (
        <Button
          kind="secondary"
          title={t('sessions_end_others')}
          onPress={() => end.mutate(null)}
          busy={end.isPending && end.variables === null}
        />
      ) : null}
    </Panel>
  );
}

function Row({ item, onEnd, busy }: { item: Session; onEnd: () => void; busy: boolean }) {
  const t = useText();
  const device = deviceName(item.user_agent) ?? t('session_unknown');
  return (
    <View style={{ flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', gap: space.m }}>
      <View style={{ flexGrow: 1, flexShrink: 1, flexBasis: 150 }}>
        <Text variant="strong">{device}</Text>
        <Text variant="small" color={item.is_current ? 'truth' : 'dim'}>
          {item.is_current ? t('session_here') : t('session_used', { date: formatDate(item.last_used_at) })}
        </Text>
      </View>
      {item.is_current ? null : (
        <Button kind="secondary" title={t('session_end')} label={t('session_end_label', { device })} onPress={onEnd} busy={busy} />
      )}
    </View>
  );
}
