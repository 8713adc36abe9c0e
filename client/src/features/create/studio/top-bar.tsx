import type { SegmentIndex } from '@2t1l/game/challenge';
import { useRouter } from 'expo-router';
import { useState } from 'react';
import { View } from 'react-native';
import { currentLanguage } from '../../../lib/i18n/i18n.ts';
import { challengeActions } from '../../../lib/sending/challenge-slice.ts';
import type { Draft } from '../../../lib/sending/draft.ts';
import { serverNow } from '../../../lib/server-clock.ts';
import { useAppDispatch } from '../../../lib/store/store.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Pressable } from '../../../ui/pressable.tsx';
import { Text, Title } from '../../../ui/text.tsx';
import { radius, space, TARGET } from '../../../ui/theme.ts';
import { themed } from '../../../ui/theme-provider.tsx';
import { drawPrompts } from '../prompts.ts';
import { useText } from '../texts.ts';
import { useHint } from './use-hint.ts';
import type { StudioRecorder } from './use-recorder.ts';

interface Props {
  draft: Draft;
  index: SegmentIndex;
  studio: StudioRecorder;
  isBusy: boolean;
  isCounting: boolean;
}

/** Way out, idea, light; which statement it is and what to mind. */
export function TopBar({ draft, index, studio, isBusy, isCounting }: Props) {
  const t = useText();
  const styles = useStyles();
  const router = useRouter();
  const { recorder, state } = studio;
  const hint = useHint(studio, isCounting);
  const leave = () => (router.canGoBack() ? router.back() : router.replace('/'));
  const hasTorch = 'camera' in state && state.camera.has_torch;
  return (
    <View style={styles.bar}>
      <View style={styles.row}>
        <IconButton icon="close" label={t('leave')} onPress={leave} />
        <Prompt draft={draft} disabled={isBusy} />
        {hasTorch ? <Torch onSwitch={(on) => void recorder.setTorch(on)} /> : <View style={styles.gap} />}
      </View>
      <Title align="center" style={styles.title}>
        {t('statement_of', { number: index + 1 })}
      </Title>
      <Text variant="small" align="center" aria-live="polite" style={styles.hint}>
        {hint}
      </Text>
    </View>
  );
}

/** The idea, and another one at a tap. */
function Prompt({ draft, disabled }: { draft: Draft; disabled: boolean }) {
  const t = useText();
  const styles = useStyles();
  const dispatch = useAppDispatch();
  const next = () => {
    const [prompt = null] = drawPrompts(currentLanguage(), 1, Math.random, draft.prompt);
    dispatch(challengeActions.draftEdited({ id: draft.id, text: { prompt }, now_ms: serverNow() }));
  };
  return (
    <Pressable label={t('next_prompt')} disabled={disabled} onPress={next} style={styles.prompt}>
      <Text variant="small" align="center" style={styles.words}>
        {draft.prompt === null ? t('next_prompt') : t('prompt', { prompt: draft.prompt })}
      </Text>
      <Icon name="replay" size={16} />
    </Pressable>
  );
}

function Torch({ onSwitch }: { onSwitch: (on: boolean) => void }) {
  const t = useText();
  const [isOn, setOn] = useState(false);
  const toggle = () => {
    setOn(!isOn);
    onSwitch(!isOn);
  };
  return <IconButton icon="torch" label={isOn ? t('torch_off') : t('torch_on')} onPress={toggle} />;
}

const useStyles = themed(({ colors }) => ({
  bar: { gap: space.s },
  row: { flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'space-between', gap: space.s },
  gap: { width: TARGET },
  prompt: {
    flexGrow: 1,
    flexShrink: 1,
    flexBasis: 150,
    minHeight: TARGET,
    flexDirection: 'row',
    alignItems: 'center',
    justifyContent: 'center',
    gap: space.s,
    paddingHorizontal: space.m,
    borderRadius: radius.round,
    backgroundColor: colors.scrim,
  },
  words: { flexShrink: 1, fontWeight: '600' },
  title: { textShadowColor: 'rgba(13, 10, 26, 0.8)', textShadowRadius: 12, textShadowOffset: { width: 0, height: 1 } },
  hint: { textShadowColor: 'rgba(13, 10, 26, 0.9)', textShadowRadius: 8, textShadowOffset: { width: 0, height: 1 } },
}));
