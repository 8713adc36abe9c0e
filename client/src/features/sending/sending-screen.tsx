import { useLocalSearchParams, useRouter } from 'expo-router';
import { useIsFocused } from 'expo-router/react-navigation';
import { useEffect } from 'react';
import type { Draft } from '../../lib/sending/draft.ts';
import { draftOf } from '../../lib/sending/select-draft.ts';
import { startSending } from '../../lib/sending/start-sending.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { EmptyState } from '../../ui/message-state.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { OnAir } from './on-air.tsx';
import { OnItsWay } from './on-its-way.tsx';
import { useText } from './texts.ts';

/** How far a challenge is on its way to the audience. `id` is the draft's, or the challenge's. */
export function SendingScreen() {
  const { id } = useLocalSearchParams<{ id: string }>();
  const isLoaded = useAppSelector((state) => state.challenge.is_loaded);
  const draft = useAppSelector((state) => draftOf(state.challenge, id));
  useEffect(() => {
    void startSending();
  }, []);
  // Also mounted ahead of time, so that its code is here when the network is not: then there is nothing to draw yet.
  const isFocused = useIsFocused();
  if (!isLoaded || !isFocused) {
    return <Loading />;
  }
  return draft === null ? <Nothing /> : <Way draft={draft} />;
}

function Way({ draft }: { draft: Draft }) {
  const t = useText();
  const router = useRouter();
  if (draft.publishing.status !== 'done') {
    return <OnItsWay draft={draft} />;
  }
  const { as } = draft.publishing;
  if (as === 'published') {
    return <OnAir draft={draft} />;
  }
  return (
    <Screen>
      <EmptyState title={t(`${as}_title`)} body={t(as)} action={{ title: t('to_feed'), onPress: () => router.replace('/') }} />
    </Screen>
  );
}

function Nothing() {
  const t = useText();
  const router = useRouter();
  return (
    <Screen>
      <EmptyState
        title={t('none_title')}
        body={t('none')}
        action={{ title: t('make'), onPress: () => router.replace('/create') }}
        second={{ title: t('to_feed'), onPress: () => router.replace('/') }}
      />
    </Screen>
  );
}

function Loading() {
  return (
    <Screen>
      <Skeleton width="55%" height={34} />
      <Skeleton height={84} />
      <Skeleton height={84} />
      <Skeleton height={84} />
    </Screen>
  );
}
