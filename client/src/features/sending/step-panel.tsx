import type { Step } from '@2t1l/game/challenge';
import { useRouter } from 'expo-router';
import { View } from 'react-native';
import { problemText } from '../../lib/i18n/problems.ts';
import { challengeActions } from '../../lib/sending/challenge-slice.ts';
import { type ClipSending, type Draft, hasArrived, needsLogin } from '../../lib/sending/draft.ts';
import { serverNow } from '../../lib/server-clock.ts';
import { useAppDispatch } from '../../lib/store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { useText } from './texts.ts';

/** What the whole challenge waits for. */
export function StepPanel({ draft }: { draft: Draft }) {
  const t = useText();
  const router = useRouter();
  const dispatch = useAppDispatch();
  const { publishing } = draft;
  const toDraft = () => router.dismissTo(`/create?draft=${draft.id}`);
  switch (publishing.status) {
    case 'editing':
      return (
        <Panel>
          <Title level={2}>{t('editing_title')}</Title>
          <Text color="dim">{t('editing')}</Text>
          <Button title={t('edit')} onPress={toDraft} />
        </Panel>
      );
    case 'requested':
      return <Running draft={draft} />;
    case 'needs':
      return (
        <Panel tone="lie">
          <Title level={2}>{t('needs_title')}</Title>
          <Text role="alert">{problemText(publishing.problem)}</Text>
          {needsLogin(publishing.problem) ? (
            <Button title={t('log_in')} onPress={() => router.push('/welcome?mode=login')} />
          ) : (
            <Button title={t('needs_go')} onPress={toDraft} />
          )}
        </Panel>
      );
    case 'failed':
      return (
        <Panel tone="lie">
          <View role="alert">
            <Title level={2}>{t('failed_title')}</Title>
            <Text>{t(FAILED[publishing.step])}</Text>
            {publishing.reason === '' ? null : (
              <Text variant="small" color="dim">
                {t('failed_detail', { reason: publishing.reason })}
              </Text>
            )}
          </View>
          <Button
            title={t('try_again')}
            icon="replay"
            onPress={() => dispatch(challengeActions.publishAsked({ id: draft.id, now_ms: serverNow() }))}
          />
        </Panel>
      );
    case 'done':
      return null;
  }
}

const FAILED: Record<Step, 'failed_check' | 'failed_merge' | 'failed_publish'> = {
  'check-clip': 'failed_check',
  'merge-clips': 'failed_merge',
  'publish-challenge': 'failed_publish',
};

function Running({ draft }: { draft: Draft }) {
  const t = useText();
  const step = stepOf(draft);
  const isMerging = step === 'step_merging';
  return (
    <Panel tone={step === 'step_author' ? 'lie' : 'plain'}>
      <Title level={2} aria-live="polite">
        {t(step)}
      </Title>
      {isMerging ? (
        <Text variant="small" color="dim">
          {t('step_merging_detail')}
        </Text>
      ) : null}
      <ProgressBar value={shareOf(draft)} label={t('show_way')} tone="gold" />
    </Panel>
  );
}

const NEEDS_AUTHOR: readonly ClipSending['status'][] = ['refused', 'blocked', 'contested'];

function stepOf(draft: Draft) {
  if (draft.server_status === 'ready') {
    return 'step_publishing';
  }
  if (draft.server_status === 'processing') {
    return 'step_merging';
  }
  if (draft.clips.some((clip) => clip === null || NEEDS_AUTHOR.includes(clip.sending.status))) {
    return 'step_author';
  }
  return draft.clips.every(hasArrived) ? 'step_merging' : 'step_sending';
}

/** Bytes are four fifths of the way, the merge is the rest: a bar that never goes back and never stands still for long. */
function shareOf(draft: Draft): number {
  const SENDING = 0.8;
  if (draft.server_status === 'ready') {
    return 0.97;
  }
  if (draft.server_status === 'processing') {
    return SENDING + ((1 - SENDING) * 0.9 * (draft.merge_percent ?? 10)) / 100;
  }
  const clips = draft.clips.filter((clip) => clip !== null);
  const all = clips.reduce((sum, clip) => sum + clip.size_bytes, 0);
  const there = clips.reduce((sum, clip) => sum + ('sent_bytes' in clip.sending ? clip.sending.sent_bytes : clip.size_bytes), 0);
  return all === 0 ? 0 : (SENDING * there) / all;
}
