import type { SegmentIndex } from '@2t1l/game/challenge';
import { STATEMENT_MAX } from '@2t1l/game/limits';
import { useRouter } from 'expo-router';
import type { ReactNode } from 'react';
import { View } from 'react-native';
import { formatClock } from '../../../lib/format.ts';
import { clipWords, megabytes } from '../../../lib/sending/clip-words.ts';
import type { Draft, DraftText } from '../../../lib/sending/draft.ts';
import { useSendingText } from '../../../lib/sending/texts.ts';
import { useAppSelector } from '../../../lib/store/store.ts';
import { useConsentText } from '../../../lib/tells-consent.ts';
import type { ClipTells } from '../../../lib/use-clip-tells.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { NumberMark } from '../../../ui/number-tile.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { Text } from '../../../ui/text.tsx';
import { space } from '../../../ui/theme.ts';
import { useTheme } from '../../../ui/theme-provider.tsx';
import { useText } from '../texts.ts';
import { ClipThumb } from './clip-thumb.tsx';

interface Props {
  draft: Draft;
  index: SegmentIndex;
  tells: ClipTells;
  /** The grip to drag it by. */
  grip: ReactNode;
  /** What is being dragged would change places with this one. */
  isTarget: boolean;
  canMove: boolean;
  onSwap: (other: SegmentIndex) => void;
  onEdit: (text: Partial<DraftText>) => void;
  onStudio: (index: SegmentIndex, again: boolean) => void;
}

/** One statement: where its clip is, its line, its place among the three. */
export function ClipCard({ draft, index, tells, grip, isTarget, canMove, onSwap, onEdit, onStudio }: Props) {
  const t = useText();
  const words = useSendingText();
  const ofTells = useConsentText();
  const { colors } = useTheme();
  const router = useRouter();
  const isOnline = useAppSelector((state) => state.challenge.is_online);
  const number = index + 1;
  const clip = draft.clips[index];
  const state = clipWords(words, clip, isOnline);
  const write = (line: string) => {
    const statements: DraftText['statements'] = [...draft.statements];
    statements[index] = line;
    onEdit({ statements });
  };
  return (
    <Panel
      tone={state.tone === 'bad' ? 'lie' : 'plain'}
      style={[{ gap: space.m, padding: space.m }, isTarget && { borderColor: colors.gold }]}
    >
      <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space.m }}>
        {clip === null ? (
          <NumberMark number={index === 0 ? 1 : index === 1 ? 2 : 3} kind="open" size={44} />
        ) : (
          <ClipThumb number={number} takeId={clip.take_id} label={t('watch', { number })} onPress={() => onStudio(index, false)} />
        )}
        <View style={{ flexGrow: 1, flexShrink: 1, flexBasis: 160, gap: space.xs }}>
          <View style={{ flexDirection: 'row', alignItems: 'center', gap: space.xs }}>
            {state.tone === 'good' ? <Icon name="check" size={18} color={colors.truth} strokeWidth={3} /> : null}
            {state.tone === 'bad' ? <Icon name="warning" size={18} color={colors.lie} /> : null}
            <Text variant="strong" style={{ flex: 1 }}>
              {state.title}
            </Text>
            {grip}
          </View>
          {clip === null ? null : (
            <Text variant="small" color="dim" style={{ fontVariant: ['tabular-nums'] }}>
              {t(clip.width === 0 ? 'facts_short' : 'facts', {
                clock: formatClock(clip.duration_seconds),
                width: clip.width,
                height: clip.height,
                size: megabytes(clip.size_bytes),
              })}
            </Text>
          )}
          {clip === null || (clip.sending.status === 'ready' && clip.sending.notices.length === 0) ? null : (
            <Text variant="small" color="dim">
              {state.detail}
            </Text>
          )}
          {state.progress === null ? null : <ProgressBar value={state.progress} label={`${state.title}. ${state.detail}`} />}
          <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space.s, marginTop: 'auto' }}>
            {clip !== null && state.again === 'no' ? (
              <IconButton icon="replay" label={t('record_again', { number })} onPress={() => onStudio(index, true)} />
            ) : null}
            <IconButton
              icon="up"
              label={t('move_up', { number })}
              disabled={index === 0 || !canMove}
              onPress={() => onSwap(index === 2 ? 1 : 0)}
            />
            <IconButton
              icon="down"
              label={t('move_down', { number })}
              disabled={index === 2 || !canMove}
              onPress={() => onSwap(index === 0 ? 1 : 2)}
            />
          </View>
        </View>
      </View>
      {clip === null || state.again !== 'no' ? (
        <Button
          kind={state.again === 'may' ? 'secondary' : 'primary'}
          title={clip === null ? t('record', { number }) : t('record_again', { number })}
          onPress={() => onStudio(index, true)}
        />
      ) : null}
      {clip?.sending.status === 'contested' ? <Button title={t('settle')} onPress={() => router.push(`/sending/${draft.id}`)} /> : null}
      <Field
        label={t('line', { number })}
        {...(index === 0 ? { help: t('line_help') } : {})}
        value={draft.statements[index]}
        maxLength={STATEMENT_MAX}
        onChangeText={write}
      />
      {tells.choices === null ? null : (
        <Checkbox
          role="switch"
          label={ofTells('measure_clip', { number })}
          checked={tells.choices[index] === true}
          error={tells.failure?.index === index ? tells.failure.text : undefined}
          onChange={(allowed) => tells.choose(index, allowed)}
        />
      )}
    </Panel>
  );
}
