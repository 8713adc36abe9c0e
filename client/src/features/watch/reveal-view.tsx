import type { Challenge } from '@2t1l/contract/schemas';
import { type ReactNode, useRef } from 'react';
import { type ScrollView, View } from 'react-native';
import Animated, { FadeInDown, useReducedMotion } from 'react-native-reanimated';
import { codeOf } from '../../lib/api/problem.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ErrorState, OfflineState } from '../../ui/message-state.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { AnswerPanel } from './answer-panel.tsx';
import { DeletePanel } from './delete-panel.tsx';
import { ResultCard, TURNED_AFTER_MS } from './result-card.tsx';
import { RevealFooter } from './reveal-footer.tsx';
import { SealPanel } from './seal-panel.tsx';
import { StoryPanel } from './story-panel.tsx';
import { TellsPanel } from './tells-panel.tsx';
import { useText } from './texts.ts';
import { useReveal } from './use-challenge.ts';

interface Props {
  challenge: Challenge;
  onClose: () => void;
  onWatch: () => void;
}

/** The answer: the card turns, then everything one may know now. */
export function RevealView({ challenge, onClose, onWatch }: Props) {
  const t = useText();
  const common = useCommonText();
  const { data, error, refetch, isFetching } = useReveal(challenge.id, true);
  const page = useRef<ScrollView>(null);
  const header = (
    <View style={{ flexDirection: 'row', alignItems: 'center', gap: space.s }}>
      <Text color="dim" style={{ flex: 1 }}>
        {challenge.title || t('by', { name: challenge.author.username })}
      </Text>
      <IconButton icon="close" label={common('close')} onPress={onClose} />
    </View>
  );
  if (!data) {
    const retry = { title: common('retry'), onPress: () => void refetch(), busy: isFetching };
    return (
      <Screen>
        {header}
        {!error ? (
          <RevealSkeleton label={common('loading')} />
        ) : codeOf(error) === 'offline' ? (
          <OfflineState title={common('offline_title')} body={errorText(error)} action={retry} />
        ) : (
          <ErrorState title={common('error_title')} body={errorText(error)} action={retry} />
        )}
      </Screen>
    );
  }
  return (
    <Screen column={560} scrollRef={page} footer={<RevealFooter challenge={challenge} />}>
      {header}
      <ResultCard reveal={data} />
      <AfterTheTurn waits={data.own !== null}>
        <AnswerPanel challenge={challenge} reveal={data} />
        <StoryPanel story={data.story} isAuthor={challenge.is_author} />
        <TellsPanel challengeId={challenge.id} isAuthor={challenge.is_author} />
        <SealPanel challenge={challenge} reveal={data} />
        <Button kind="ghost" icon="replay" title={t('watch_again')} onPress={onWatch} />
        {challenge.is_author ? <DeletePanel challengeId={challenge.id} onAsked={() => page.current?.scrollToEnd()} /> : null}
      </AfterTheTurn>
    </Screen>
  );
}

/** The rest would give the answer away while the card still turns. */
function AfterTheTurn({ waits, children }: { waits: boolean; children: ReactNode }) {
  const still = useReducedMotion();
  const entering = waits && !still ? { entering: FadeInDown.delay(TURNED_AFTER_MS).duration(280) } : {};
  return (
    <Animated.View {...entering} style={{ gap: space.l }}>
      {children}
    </Animated.View>
  );
}

function RevealSkeleton({ label }: { label: string }) {
  return (
    <View aria-busy aria-label={label} style={{ gap: space.l }}>
      <Skeleton height={190} />
      <Skeleton height={210} />
      <Skeleton height={120} />
    </View>
  );
}
