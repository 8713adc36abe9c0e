import type { SegmentIndex } from '@2t1l/game/challenge';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useIsFocused } from 'expo-router/react-navigation';
import { useEffect, useState } from 'react';
import { type Draft, hasContent, isOpenForTakes, nextIndex } from '../../lib/sending/draft.ts';
import { store } from '../../lib/store/store.ts';
import { Screen } from '../../ui/screen.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FinishStage } from './finish/finish-stage.tsx';
import { IdeaStage } from './idea-stage.tsx';
import { Studio } from './studio/studio.tsx';
import { useDraft } from './use-draft.ts';

/** Making a challenge: an idea, three recordings, the last words. Comes back where it was left. */
export function CreateScreen() {
  const { draft: draftId, statement } = useLocalSearchParams<{ draft?: string; statement?: string }>();
  const draft = useDraft(draftId ?? null);
  if (draft === null) {
    return <Loading />;
  }
  return <Stages key={draft.id} draft={draft} asked={draft.id === draftId ? indexOf(statement) : null} />;
}

/** The author's own choice of a place; without one the draft says where it stands. */
type Place = { name: 'idea' } | { name: 'studio'; index: SegmentIndex; again: boolean } | { name: 'finish' };

function Stages({ draft, asked }: { draft: Draft; asked: SegmentIndex | null }) {
  const [chosen, choose] = useState<Place | null>(asked === null ? null : { name: 'studio', index: asked, again: true });
  const router = useRouter();
  usePrefetch(`/sending/${draft.id}`);
  useWayOut(draft);
  const finish = () => {
    // A clip recorded again on the way out: publishing goes on by itself, so back to where that is seen.
    if (draft.publishing.status === 'requested') {
      router.replace(`/sending/${draft.id}`);
    } else {
      choose({ name: 'finish' });
    }
  };
  const place = isOpenForTakes(draft) ? (chosen ?? placeOf(draft)) : { name: 'finish' as const };
  switch (place.name) {
    case 'idea':
      return <IdeaStage draft={draft} onStart={() => choose({ name: 'studio', index: nextIndex(draft) ?? 0, again: false })} />;
    case 'studio':
      return (
        <Studio
          draft={draft}
          index={place.index}
          again={place.again}
          onGo={(index, again) => choose({ name: 'studio', index, again })}
          onDone={finish}
        />
      );
    case 'finish':
      return <FinishStage draft={draft} onStudio={(index, again) => choose({ name: 'studio', index, again })} />;
  }
}

/** What is out cannot be edited: an editor that is still open would take changes that nobody will see. */
function useWayOut(draft: Draft): void {
  const router = useRouter();
  const isFocused = useIsFocused();
  const isOut = draft.publishing.status === 'done';
  useEffect(() => {
    if (isOut && isFocused) {
      router.replace(`/sending/${draft.id}`);
    }
  }, [router, isOut, isFocused, draft.id]);
}

/** Loads the next screen's code while there is a network: publishing must not depend on one. */
function usePrefetch(path: string): void {
  const router = useRouter();
  useEffect(() => {
    if (store.getState().challenge.is_online) {
      router.prefetch(path);
    }
  }, [router, path]);
}

function placeOf(draft: Draft): Place {
  if (draft.review !== null) {
    return { name: 'studio', index: draft.review.index, again: false };
  }
  const next = nextIndex(draft);
  if (next === null) {
    return { name: 'finish' };
  }
  return hasContent(draft) ? { name: 'studio', index: next, again: false } : { name: 'idea' };
}

/** `statement` counts from 1, as people do. */
function indexOf(statement: string | undefined): SegmentIndex | null {
  switch (statement) {
    case '1':
      return 0;
    case '2':
      return 1;
    case '3':
      return 2;
    default:
      return null;
  }
}

function Loading() {
  return (
    <Screen>
      <Skeleton width="60%" height={34} />
      <Skeleton height={120} />
      <Skeleton height={120} />
      <Skeleton height={120} />
    </Screen>
  );
}
