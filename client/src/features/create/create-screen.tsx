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

interface Query {
  draft?: string;
  /** A statement to record again, or to look at; both count from 1. */
  statement?: string;
  watch?: string;
  /** The camera, for the first statement that is missing. */
  camera?: string;
}

/** Making a challenge: an idea, three recordings, the last words. Comes back where it was left. */
export function CreateScreen() {
  const query = useLocalSearchParams() as Query;
  const draft = useDraft(query.draft ?? null);
  if (draft === null) {
    return <Loading />;
  }
  return <Stages key={draft.id} draft={draft} query={query} />;
}

/** The author's own choice of a place; without one the draft says where it stands. */
type Place = { name: 'idea' } | { name: 'studio'; index: SegmentIndex; again: boolean } | { name: 'finish' };

function Stages({ draft, query }: { draft: Draft; query: Query }) {
  // Where another stage has sent the author. Each such step is a page of its own, so that Back leads to the stage before.
  const [asked] = useState(() => (draft.id === query.draft ? askedPlace(draft, query) : null));
  const [chosen, choose] = useState(asked);
  const router = useRouter();
  const isFocused = useIsFocused();
  usePrefetch(`/sending/${draft.id}`);
  useWayOut(draft);
  const step = (to: string) => router.push(`/create?draft=${draft.id}&${to}`);
  const finish = () => {
    if (asked !== null && router.canGoBack()) {
      router.back();
    } else if (draft.publishing.status === 'requested') {
      // A clip recorded again on the way out: publishing goes on by itself, so back to where that is seen.
      router.dismissTo(`/sending/${draft.id}`);
    } else {
      choose({ name: 'finish' });
    }
  };
  const begin = () => {
    choose({ name: 'idea' });
    step('camera=on');
  };
  const place = placeOf(draft, chosen, isFocused);
  switch (place.name) {
    case 'idea':
      return <IdeaStage draft={draft} onStart={begin} />;
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
      return <FinishStage draft={draft} onStudio={(index, again) => step(`${again ? 'statement' : 'watch'}=${index + 1}`)} />;
  }
}

/** What is out cannot be edited: an editor that is still open would take changes that nobody will see. */
function useWayOut(draft: Draft): void {
  const router = useRouter();
  const isFocused = useIsFocused();
  const isOut = draft.publishing.status === 'done';
  useEffect(() => {
    if (isOut && isFocused) {
      router.dismissTo(`/sending/${draft.id}`);
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

/** A page that another lies on (not `isFocused`) stays what it was: two studios would both take the camera, the keys and the sound. */
function placeOf(draft: Draft, chosen: Place | null, isFocused: boolean): Place {
  if (!isOpenForTakes(draft)) {
    return { name: 'finish' };
  }
  if (chosen?.name === 'studio') {
    return chosen;
  }
  const next = nextIndex(draft);
  if (chosen?.name === 'idea' && (next !== null || !isFocused)) {
    return chosen;
  }
  if (draft.review !== null && isFocused) {
    return { name: 'studio', index: draft.review.index, again: false };
  }
  if (chosen?.name === 'finish' || next === null) {
    return { name: 'finish' };
  }
  return hasContent(draft) ? { name: 'studio', index: next, again: false } : { name: 'idea' };
}

function askedPlace(draft: Draft, { statement, watch, camera }: Query): Place | null {
  const index = indexOf(statement ?? watch);
  if (index !== null) {
    return { name: 'studio', index, again: statement !== undefined };
  }
  const next = nextIndex(draft);
  return camera === undefined || next === null ? null : { name: 'studio', index: next, again: false };
}

/** Of a number that counts from 1, as people do. */
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
