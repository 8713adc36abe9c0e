import { useLocalSearchParams, useRouter } from 'expo-router';
import { useState } from 'react';
import { codeOf } from '../../lib/api/problem.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText, problemText } from '../../lib/i18n/problems.ts';
import { EmptyState, ErrorState, OfflineState } from '../../ui/message-state.tsx';
import { Screen } from '../../ui/screen.tsx';
import { RevealView } from './reveal-view.tsx';
import { useText } from './texts.ts';
import { useChallenge } from './use-challenge.ts';
import { WatchSkeleton } from './watch-skeleton.tsx';
import { WatchView } from './watch-view.tsx';

/** `/c/<id>`: watch, guess, and the answer on the same page; with `?film=1` the author's own film first. */
export function WatchScreen() {
  const { id = '', film } = useLocalSearchParams<{ id: string; film?: string }>();
  // Another challenge on the same route begins from the start.
  return <OneChallenge key={id} id={id} beginsWithFilm={film !== undefined} />;
}

function OneChallenge({ id, beginsWithFilm }: { id: string; beginsWithFilm: boolean }) {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  const challenge = useChallenge(id);
  const [chosen, choose] = useState<'film' | 'answer' | null>(null);
  const leave = () => (router.canGoBack() ? router.back() : router.replace('/'));
  const home = { title: common('home'), onPress: () => router.replace('/') };

  // A copy that was kept is no comfort when the challenge is gone.
  if (!challenge.data || codeOf(challenge.error) === 'challenge_not_found') {
    if (challenge.isPending && !challenge.isError) {
      return <WatchSkeleton label={common('loading')} />;
    }
    const code = codeOf(challenge.error);
    const retry = { title: common('retry'), onPress: () => void challenge.refetch(), busy: challenge.isFetching };
    const body = errorText(challenge.error);
    return (
      <Screen>
        {code === 'offline' ? (
          <OfflineState title={common('offline_title')} body={body} action={retry} second={home} />
        ) : code === 'challenge_not_found' || code === 'invalid_request' ? (
          <ErrorState title={t('gone_title')} body={problemText('challenge_not_found')} action={home} />
        ) : (
          <ErrorState title={common('error_title')} body={body} action={retry} second={home} />
        )}
      </Screen>
    );
  }
  const { data } = challenge;
  if (data.is_author && !data.video_url) {
    const see = { title: t('making_action'), onPress: () => router.replace(`/sending/${id}`) };
    return (
      <Screen>
        <EmptyState title={t('making_title')} body={t('making_body')} action={see} second={home} />
      </Screen>
    );
  }
  const isEarned = data.has_guessed || (data.is_author && data.status === 'published');
  // Only the author's own: who has just guessed there wants the answer.
  const shown = chosen ?? (beginsWithFilm && data.is_author ? 'film' : 'answer');
  if (isEarned && shown === 'answer') {
    return <RevealView challenge={data} onClose={leave} onWatch={() => choose('film')} />;
  }
  return (
    <WatchView
      challenge={data}
      onClose={leave}
      onAnswer={isEarned ? () => choose('answer') : null}
      refetch={challenge.refetch}
      isFresh={challenge.isFetchedAfterMount}
    />
  );
}
