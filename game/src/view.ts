/** Who may see what. `viewFor` is the only place that decides it. */
import {
  type Audience,
  type ChallengeState,
  type ChallengeStatus,
  type ClipState,
  type Notice,
  type Refusal,
  type Segment,
  type SegmentIndex,
  type Step,
  statusOf,
  type Transition,
} from './challenge.ts';

/** One clip as the server knows it. */
export interface ClipFacts {
  id: string;
  segment_index: SegmentIndex;
  state: ClipState;
  reasons: readonly Refusal[];
  notices: readonly Notice[];
  duration_seconds: number | null;
  width: number | null;
  height: number | null;
  size_bytes: number;
}

/** Why a step gave up. */
export interface Failure {
  step: Step;
  reason: string;
}

/** Everything the server knows of a challenge; the lie is loaded for its author alone. */
export interface ChallengeFacts {
  id: string;
  author: { id: string; username: string; is_house: boolean };
  state: ChallengeState;
  title: string;
  prompt: string | null;
  story: string | null;
  statements: readonly (string | null)[];
  audience: Audience;
  transition: Transition;
  segments: readonly Segment[];
  video_hash: string | null;
  poster_hash: string | null;
  commitment: string | null;
  guess_count: number;
  created_at: string;
  updated_at: string;
  published_at: string | null;
  failure: Failure | null;
  clips: readonly ClipFacts[];
  lie_index: SegmentIndex | null;
}

/** Who is looking; `player_id` is null for somebody without a token. */
export interface Viewer {
  player_id: string | null;
  has_guessed: boolean;
}

/** What everybody who may see a challenge sees of it, before and after their guess. */
export interface PublicView {
  id: string;
  author: { id: string; username: string; is_house: boolean };
  status: ChallengeStatus;
  title: string;
  prompt: string | null;
  statements: readonly (string | null)[];
  segments: readonly Segment[];
  video_hash: string | null;
  poster_hash: string | null;
  commitment: string | null;
  guess_count: number;
  created_at: string;
  published_at: string | null;
  is_author: boolean;
  has_guessed: boolean;
}

/** What the author alone sees besides. */
export interface AuthorView extends PublicView {
  audience: Audience;
  transition: Transition;
  story: string | null;
  clips: readonly ClipFacts[];
  failure: Failure | null;
  lie_index: SegmentIndex | null;
  updated_at: string;
}

/** What `viewer` may see of `challenge`; null where it does not exist for them. */
export function viewFor(challenge: ChallengeFacts, viewer: Viewer): PublicView | AuthorView | null {
  if (challenge.state === 'removed') {
    return null;
  }
  const isAuthor = viewer.player_id === challenge.author.id;
  if (!isAuthor && challenge.state !== 'published') {
    return null;
  }
  const open = publicView(challenge, isAuthor, viewer.has_guessed);
  if (!isAuthor) {
    return open;
  }
  return {
    ...open,
    audience: challenge.audience,
    transition: challenge.transition,
    story: challenge.story,
    clips: challenge.clips,
    failure: challenge.failure,
    lie_index: challenge.lie_index,
    updated_at: challenge.updated_at,
  };
}

/** True where `viewer` may be shown the answer: the author always, another player after their stored guess. */
export function mayReveal(challenge: Pick<ChallengeFacts, 'author' | 'state'>, viewer: Viewer): boolean {
  if (challenge.state === 'removed') {
    return false;
  }
  return viewer.player_id === challenge.author.id || (challenge.state === 'published' && viewer.has_guessed);
}

function publicView(challenge: ChallengeFacts, isAuthor: boolean, hasGuessed: boolean): PublicView {
  return {
    id: challenge.id,
    author: challenge.author,
    status: statusOf(challenge.state),
    title: challenge.title,
    prompt: challenge.prompt,
    statements: challenge.statements,
    segments: challenge.segments,
    video_hash: challenge.video_hash,
    poster_hash: challenge.poster_hash,
    commitment: challenge.commitment,
    guess_count: challenge.guess_count,
    created_at: challenge.created_at,
    published_at: challenge.published_at,
    is_author: isAuthor,
    has_guessed: hasGuessed,
  };
}
