/** From the rules' words to the wire's: hashes become signed addresses, states become statuses. */
import type { Challenge, Clip, OwnChallenge, PublicChallenge } from '@2t1l/contract/schemas';
import type { AuthorView, ClipFacts, PublicView } from '@2t1l/game/view';
import type { Ports } from '../ports.ts';

export const VIDEO_TYPE = 'video/mp4';
export const POSTER_TYPE = 'image/jpeg';

/** The wire's challenge of a view that `viewFor` gave. */
export function present(view: PublicView | AuthorView, ports: Pick<Ports, 'blobs'>): Challenge {
  return 'clips' in view ? presentOwn(view, ports) : presentPublic(view, ports);
}

export function presentPublic(view: PublicView, ports: Pick<Ports, 'blobs'>): PublicChallenge {
  return { ...shared(view, ports), is_author: false };
}

export function presentOwn(view: AuthorView, ports: Pick<Ports, 'blobs'>): OwnChallenge {
  return {
    ...shared(view, ports),
    is_author: true,
    audience: view.audience,
    transition: view.transition,
    story: view.story,
    clips: view.clips.map(presentClip),
    lie_index: view.lie_index,
    failure: view.failure,
    updated_at: view.updated_at,
  };
}

export function presentClip(clip: ClipFacts): Clip {
  const { state, reasons, notices, ...rest } = clip;
  return { ...rest, status: state, reasons: [...reasons], notices: [...notices] };
}

function shared(view: PublicView, { blobs }: Pick<Ports, 'blobs'>): Omit<PublicChallenge, 'is_author'> {
  return {
    id: view.id,
    author: view.author,
    status: view.status,
    title: view.title,
    prompt: view.prompt,
    statements: [...view.statements],
    segments: [...view.segments],
    video_url: view.video_hash === null ? null : blobs.url(view.video_hash, VIDEO_TYPE),
    poster_url: view.poster_hash === null ? null : blobs.url(view.poster_hash, POSTER_TYPE),
    commitment: view.commitment,
    guess_count: view.guess_count,
    created_at: view.created_at,
    published_at: view.published_at,
    has_guessed: view.has_guessed,
  };
}
