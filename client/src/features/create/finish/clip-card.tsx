import type { SegmentIndex } from '@2t1l/game/challenge';
import { STATEMENT_MAX } from '@2t1l/game/limits';
import { View } from 'react-native';
import { challengeActions } from '../../../lib/sending/challenge-slice.ts';
import { clipWords } from '../../../lib/sending/clip-words.ts';
import type { Draft, DraftText } from '../../../lib/sending/draft.ts';
import { useSendingText } from '../../../lib/sending/texts.ts';
import { useAppDispatch, useAppSelector } from '../../../lib/store/store.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { NumberMark } from '../../../ui/number-tile.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { Text } from '../../../ui/text.tsx';
import { space } from '../../../ui/theme.ts';
import { useText } from '../texts.ts';

interface Props {
  draft: Draft;
  index: SegmentIndex;
  onEdit: (text: Partial<DraftText>) => void;
  onStudio: (index: SegmentIndex, again: boolean) => void;
}

/** One statement: where its clip is, its line, its place among the three. */
export function ClipCard({ draft, index, onEdit, onStudio }: Props) {
  const t = useText();
  const words = useSendingText();
  const dispatch = useAppDispatch();
  const isOnline = useAppSelector((state) => state.challenge.is_online);
  const number = index + 1;
  const clip = draft.clips[index];
  const state = clipWords(words, clip, isOnline);
  const swap = (other: SegmentIndex) =>
    dispatch(challengeActions.statementsSwapped({ id: draft.id, a: index, b: other, now_ms: Date.now() }));
  const write = (line: string) => {
    const statements: DraftText['statements'] = [...draft.statements];
    statements[index] = line;
    onEdit({ statements });
  };
  return (
    <Panel tone={state.tone === 'bad' ? 'lie' : 'plain'} style={{ gap: space.m }}>
      <View style={{ flexDirection: 'row', alignItems: 'center', gap: space.m }}>
        <NumberMark number={index === 0 ? 1 : index === 1 ? 2 : 3} kind={state.tone === 'bad' ? 'lie' : 'truth'} size={44} />
        <View style={{ flex: 1 }}>
          <Text variant="strong">{state.title}</Text>
          <Text variant="small" color="dim">
            {state.detail}
          </Text>
        </View>
        {clip === null ? null : <IconButton icon="play" label={t('watch', { number })} onPress={() => onStudio(index, false)} />}
      </View>
      {state.progress === null ? null : <ProgressBar value={state.progress} label={`${state.title}. ${state.detail}`} />}
      {clip === null || state.again !== 'no' ? (
        <Button
          kind={state.again === 'may' ? 'secondary' : 'primary'}
          title={clip === null ? t('record', { number }) : t('record_again', { number })}
          onPress={() => onStudio(index, true)}
        />
      ) : null}
      <Field
        label={t('line', { number })}
        {...(index === 0 ? { help: t('line_help') } : {})}
        value={draft.statements[index]}
        maxLength={STATEMENT_MAX}
        onChangeText={write}
      />
      <View style={{ flexDirection: 'row', justifyContent: 'flex-end', gap: space.s }}>
        {clip !== null && state.again === 'no' ? (
          <IconButton icon="replay" label={t('record_again', { number })} onPress={() => onStudio(index, true)} />
        ) : null}
        <IconButton icon="up" label={t('move_up', { number })} disabled={index === 0} onPress={() => swap(index === 2 ? 1 : 0)} />
        <IconButton icon="down" label={t('move_down', { number })} disabled={index === 2} onPress={() => swap(index === 0 ? 1 : 2)} />
      </View>
    </Panel>
  );
}
