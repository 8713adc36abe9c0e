import { useRouter } from 'expo-router';
import { useState } from 'react';
import { useWindowDimensions, View } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { currentLanguage } from '../../lib/i18n/i18n.ts';
import { challengeActions } from '../../lib/sending/challenge-slice.ts';
import type { Draft } from '../../lib/sending/draft.ts';
import { serverNow } from '../../lib/server-clock.ts';
import { useAppDispatch } from '../../lib/store/store.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Pressable } from '../../ui/pressable.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { NARROW, radius, space, TARGET } from '../../ui/theme.ts';
import { ThemeScope, themed } from '../../ui/theme-provider.tsx';
import { DraftAtHand, OtherDrafts } from './other-drafts.tsx';
import { drawPrompts } from './prompts.ts';
import { useText } from './texts.ts';

const SHOWN = 5;

interface Props {
  draft: Draft;
  onStart: () => void;
}

/** Before the camera: what the game wants, and ideas for those who draw a blank. */
export function IdeaStage(props: Props) {
  const styles = useStyles();
  return (
    <ThemeScope scheme="dark">
      <View style={styles.stage}>
        <Spotlight floor={0.62} />
        <Idea {...props} />
      </View>
    </ThemeScope>
  );
}

function Idea({ draft, onStart }: Props) {
  const t = useText();
  const common = useCommonText();
  const styles = useStyles();
  const isNarrow = useWindowDimensions().width < NARROW;
  const router = useRouter();
  const dispatch = useAppDispatch();
  const [ideas, setIdeas] = useState(() => drawPrompts(currentLanguage(), SHOWN, Math.random, null));
  const choose = (prompt: string | null) => dispatch(challengeActions.draftEdited({ id: draft.id, text: { prompt }, now_ms: serverNow() }));
  const count = draft.clips.filter((clip) => clip !== null).length;
  const back = () => (router.canGoBack() ? router.back() : router.replace('/'));
  return (
    <Screen bare footer={<Button title={t(count > 0 ? 'start_on' : 'start')} icon="camera" onPress={onStart} testID="to-the-camera" />}>
      <View style={styles.top}>
        <IconButton icon="close" label={common('close')} onPress={back} />
      </View>
      <Title variant={isNarrow ? 'title' : 'hero'}>{t('idea_title')}</Title>
      <Text>{t('idea_lead')}</Text>
      {count > 0 ? <DraftAtHand draft={draft} count={count} /> : null}
      <OtherDrafts />
      <View style={styles.head}>
        <Title level={2}>{t('idea_pick')}</Title>
        <IconButton icon="replay" label={t('shuffle')} onPress={() => setIdeas(drawPrompts(currentLanguage(), SHOWN, Math.random, null))} />
      </View>
      <RadioGroup label={t('idea_pick')} style={styles.ideas}>
        {ideas.map((idea) => (
          <IdeaCard key={idea} text={idea} isChosen={draft.prompt === idea} onPress={() => choose(draft.prompt === idea ? null : idea)} />
        ))}
        <IdeaCard text={t('idea_none')} isChosen={draft.prompt === null} onPress={() => choose(null)} />
      </RadioGroup>
    </Screen>
  );
}

function IdeaCard({ text, isChosen, onPress }: { text: string; isChosen: boolean; onPress: () => void }) {
  const styles = useStyles();
  return (
    <Pressable role="radio" label={text} checked={isChosen} onPress={onPress} style={[styles.idea, isChosen && styles.chosen]}>
      <Text variant={isChosen ? 'strong' : 'body'} color={isChosen ? 'onGold' : 'text'}>
        {text}
      </Text>
    </Pressable>
  );
}

const useStyles = themed(({ colors }) => ({
  stage: { flex: 1, backgroundColor: colors.background },
  top: { alignItems: 'flex-end' },
  head: { flexDirection: 'row', alignItems: 'center', justifyContent: 'space-between', marginTop: space.s },
  ideas: { gap: space.s },
  idea: {
    minHeight: TARGET,
    justifyContent: 'center',
    paddingHorizontal: space.l,
    paddingVertical: space.m,
    borderRadius: radius.medium,
    borderWidth: 1,
    borderColor: colors.line,
    backgroundColor: 'rgba(25, 20, 48, 0.82)',
  },
  chosen: { backgroundColor: colors.gold, borderColor: colors.gold },
}));
