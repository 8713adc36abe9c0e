import type { SegmentIndex } from '@2t1l/game/challenge';
import { View } from 'react-native';
import { challengeActions } from '../../lib/sending/challenge-slice.ts';
import { clipWords } from '../../lib/sending/clip-words.ts';
import { type Draft, isOpenForTakes } from '../../lib/sending/draft.ts';
import { useSendingText } from '../../lib/sending/texts.ts';
import { useAppDispatch, useAppSelector } from '../../lib/store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { NumberMark } from '../../ui/number-tile.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Text } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useTheme } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

interface Props {
  draft: Draft;
  index: SegmentIndex;
  onRecord: () => void;
}

/** One clip: its state in words, a bar while bytes are on their way, and what the author can do. */
export function ClipPanel({ draft, index, onRecord }: Props) {
  const t = useText();
  const words = useSendingText();
  const { colors } = useTheme();
  const dispatch = useAppDispatch();
  const isOnline = useAppSelector((state) => state.challenge.is_online);
  const clip = draft.clips[index];
  const state = clipWords(words, clip, isOnline);
  const number = index + 1;
  const isBad = state.tone === 'bad';
  const canRecord = isOpenForTakes(draft) && (clip === null || state.again !== 'no');
  const settle = (use: 'mine' | 'theirs') => dispatch(challengeActions.contestSettled({ id: draft.id, index, use }));
  return (
    <Panel tone={isBad ? 'lie' : 'plain'} style={{ gap: space.m }}>
      <View
        role="group"
        aria-label={t('clip_label', { number, state: `${state.title}. ${state.detail}` })}
        style={{ flexDirection: 'row', alignItems: 'center', gap: space.m }}
      >
        <NumberMark number={index === 0 ? 1 : index === 1 ? 2 : 3} kind={isBad ? 'lie' : clip === null ? 'open' : 'truth'} size={44} />
        <View style={{ flex: 1 }}>
          <Text variant="strong">{state.title}</Text>
          <Text variant="small" color="dim">
            {state.detail}
          </Text>
        </View>
        {state.tone === 'good' ? <Icon name="check" color={colors.truth} strokeWidth={3} /> : null}
      </View>
      {state.progress === null ? null : <ProgressBar value={state.progress} label={t('clip_label', { number, state: state.title })} />}
      {canRecord ? (
        <Button
          kind={clip === null || state.again === 'may' ? 'secondary' : 'primary'}
          title={clip === null ? t('record', { number }) : t('record_again', { number })}
          onPress={onRecord}
        />
      ) : null}
      {clip?.sending.status === 'contested' ? (
        <View style={{ gap: space.s }}>
          <Button kind="primary" title={t('use_mine')} onPress={() => settle('mine')} />
          <Button kind="secondary" title={t('use_theirs')} onPress={() => settle('theirs')} />
        </View>
      ) : null}
      {clip?.sending.status === 'blocked' && clip.sending.problem !== 'bytes_lost' ? (
        <Button kind="secondary" title={t('try_again')} onPress={() => dispatch(challengeActions.sendRetried({ take_id: clip.take_id }))} />
      ) : null}
    </Panel>
  );
}
