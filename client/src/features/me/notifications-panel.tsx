import type { PushWants } from '@2t1l/contract/push';
import { useMutation } from '@tanstack/react-query';
import { View } from 'react-native';
import { api } from '../../lib/api.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { FIRST_WANTS, wantsAfter } from '../../lib/push/push-state.ts';
import { usePushText } from '../../lib/push/push-texts.ts';
import { type PushControl, usePush } from '../../lib/push/use-push.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';

const KINDS = ['guessed', 'published', 'failed', 'digest'] as const satisfies readonly (keyof PushWants)[];

/** What this device is told of, with a switch for each. */
export function NotificationsPanel() {
  const t = usePushText();
  const push = usePush();
  return (
    <Panel style={{ gap: space.m }}>
      <Title level={2}>{t('title')}</Title>
      <Inside push={push} />
      {push.error ? (
        <Text variant="small" color="lie" role="alert">
          {errorText(push.error)}
        </Text>
      ) : null}
    </Panel>
  );
}

function Inside({ push }: { push: PushControl }) {
  const t = usePushText();
  const common = useCommonText();
  const { view } = push;
  switch (view.status) {
    case 'loading':
      return push.error ? <Button kind="secondary" title={common('retry')} onPress={push.retry} /> : <Skeleton height={48} />;
    case 'closed':
      return <Text color="dim">{t(`closed_${view.why}`)}</Text>;
    case 'off':
      return (
        <>
          <Text color="dim">{t('lead')}</Text>
          <Button kind="secondary" icon="bell" title={t('turn_on')} busy={push.isBusy} onPress={() => push.want(FIRST_WANTS)} />
        </>
      );
    case 'on':
      return <Switches wants={view.wants} push={push} />;
  }
}

function Switches({ wants, push }: { wants: PushWants; push: PushControl }) {
  const t = usePushText();
  const test = useMutation({ mutationFn: () => api.testPush() });
  return (
    <>
      <View style={{ gap: space.s }}>
        {KINDS.map((kind) => (
          <Checkbox
            key={kind}
            role="switch"
            label={t(kind)}
            checked={wants[kind]}
            onChange={(isOn) => push.want(wantsAfter(wants, kind, isOn))}
          />
        ))}
      </View>
      <Text variant="small" color="dim">
        {t('here')}
      </Text>
      <Button kind="secondary" icon="bell" title={t('test')} busy={test.isPending} onPress={() => test.mutate()} />
      {test.isSuccess ? (
        <Text variant="small" role="status">
          {t('test_sent')}
        </Text>
      ) : null}
      <Button kind="ghost" title={t('turn_off')} busy={push.isBusy} onPress={() => push.want(null)} />
    </>
  );
}
