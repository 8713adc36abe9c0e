/** Challenges with what `viewFor` decides on. The lie is loaded where the viewer is the author, and nowhere else. */
import type { Segment, SegmentIndex } from '@2t1l/game/challenge';
import type { ChallengeFacts } from '@2t1l/game/view';
import type { Selectable } from 'kysely';
import type { Db, Tx } from '../ports.ts';
import { findLies } from './answers.ts';
import { hashOf } from './challenges.ts';
import { type Clip, clipFacts, listClips, listClipsOf } from './clips.ts';
import { prepared } from './prepared.ts';
import type { ChallengeRow, UserRow } from './tables.ts';

/** All that facts are made of, and no more: every value costs as much to read as to send, and an analysis is long. */
const COLUMNS = [
  'challenges.id',
  'challenges.user_id',
  'challenges.title',
  'challenges.prompt',
  'challenges.story',
  'challenges.statements',
  'challenges.audience',
  'challenges.transition',
  'challenges.status',
  'challenges.video_segments',
  'challenges.merged_video_url',
  'challenges.poster_url',
  'challenges.commitment',
  'challenges.guess_count',
  'challenges.failed_step',
  'challenges.failed_reason',
  'challenges.published_at',
  'challenges.created_at',
  'challenges.updated_at',
  'users.username',
  'users.role',
] as const;

/** A challenge's row with its author's name and role. */
export type AuthoredRow = Omit<Selectable<ChallengeRow>, 'ai_analysis' | 'tell_choices' | 'clips_until' | 'heavy_until'> &
  Pick<UserRow, 'username' | 'role'>;
export type Facts = ChallengeFacts & { has_guessed: boolean };

/** Challenges joined with their authors, to be narrowed. */
export function selectAuthored(db: Db | Tx) {
  return db.selectFrom('challenges').innerJoin('users', 'users.id', 'challenges.user_id').select(COLUMNS);
}

/** With whether the viewer has guessed it: asked for by itself, that costs as much as the rest. */
const authoredFor = prepared((db, { id, player_id }: { id: string; player_id: string | null }) =>
  selectAuthored(db)
    .leftJoin('challenge_responses', (join) =>
      join.onRef('challenge_responses.challenge_id', '=', 'challenges.id').on('challenge_responses.user_id', '=', player_id),
    )
    .select('challenge_responses.challenge_id as guessed_id')
    .where('challenges.id', '=', id),
);

/** Everything `viewFor` needs of one challenge for one viewer; null where there is no such challenge. */
export async function loadFacts(db: Db | Tx, challengeId: string, playerId: string | null): Promise<Facts | null> {
  const [row] = await authoredFor(db, { id: challengeId, player_id: playerId });
  if (row === undefined) {
    return null;
  }
  if (row.user_id === playerId) {
    const lies = await findLies(db, [row.id]);
    return { ...ownFacts(row, await listClips(db, row.id), lies.get(row.id) ?? null), has_guessed: false };
  }
  return { ...foreignFacts(row), has_guessed: row.guessed_id !== null };
}

/** The facts of an author's own challenges, in the order of `rows`. */
export async function loadOwnFacts(db: Db, rows: readonly AuthoredRow[]): Promise<ChallengeFacts[]> {
  const ids = rows.map((row) => row.id);
  const clips = await listClipsOf(db, ids);
  const lies = await findLies(db, ids);
  return rows.map((row) => ownFacts(row, clips.get(row.id) ?? [], lies.get(row.id) ?? null));
}

/** Facts for everybody but the author: neither clips nor the lie. */
export function foreignFacts(row: AuthoredRow): ChallengeFacts {
  return {
    id: row.id,
    author: { id: row.user_id, username: row.username, is_house: row.role === 'house' },
    state: row.status,
    title: row.title,
    prompt: row.prompt,
    story: row.story,
    statements: JSON.parse(row.statements) as (string | null)[],
    audience: row.audience,
    transition: row.transition,
    segments: JSON.parse(row.video_segments) as Segment[],
    video_hash: hashOf(row.merged_video_url),
    poster_hash: hashOf(row.poster_url),
    commitment: row.commitment,
    guess_count: row.guess_count,
    created_at: row.created_at,
    updated_at: row.updated_at,
    published_at: row.published_at,
    failure: row.failed_step === null ? null : { step: row.failed_step, reason: row.failed_reason ?? '' },
    clips: [],
    lie_index: null,
  };
}

function ownFacts(row: AuthoredRow, clips: readonly Clip[], lie: SegmentIndex | null): ChallengeFacts {
  return { ...foreignFacts(row), clips: clips.map(clipFacts), lie_index: lie };
}
