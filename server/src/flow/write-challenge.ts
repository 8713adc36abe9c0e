/** The author begins a challenge and changes its texts, its audience and its lie. */
import { Problem } from '@2t1l/contract/problems';
import { type Audience, isOpenForLie, type SegmentIndex, type Transition } from '@2t1l/game/challenge';
import type { Ports } from '../ports.ts';
import { setLie } from '../store/answers.ts';
import { type ChallengeChange, findChallenge, insertChallenge, updateChallenge } from '../store/challenges.ts';
import { transact } from '../store/transact.ts';
import { findOwnChallenge } from './own-challenge.ts';
import { refuseDraft } from './refuse-over-quota.ts';
import { timeAt } from './times.ts';

/** Fields that are left out stay as they are (or empty, at the beginning). */
export interface ChallengeText {
  title?: string | undefined;
  prompt?: string | null | undefined;
  story?: string | null | undefined;
  statements?: readonly (string | null)[] | undefined;
  audience?: Audience | undefined;
  transition?: Transition | undefined;
  lie_index?: SegmentIndex | null | undefined;
}

const DATE_LENGTH = 'YYYY-MM-DD'.length;

/** Begins a draft; returns its id, which is `id` where the caller has drawn it: then a repetition changes nothing. Throws `too_many_drafts`. */
export async function createChallenge(
  playerId: string,
  text: ChallengeText,
  ports: Pick<Ports, 'db' | 'clock' | 'ids'>,
  givenId?: string,
): Promise<string> {
  const id = givenId ?? ports.ids.next();
  const now = timeAt(ports);
  const prompt = emptyToNull(text.prompt) ?? null;
  const row = {
    id,
    user_id: playerId,
    title: titleFor(text.title, prompt, now),
    prompt,
    story: emptyToNull(text.story) ?? null,
    statements: statementsJson(text.statements ?? [null, null, null]),
    audience: text.audience ?? 'public',
    transition: text.transition ?? 'none',
    status: 'draft',
    video_segments: '[]',
    created_at: now,
    updated_at: now,
  } as const;
  await transact(ports.db, async (tx) => {
    if (givenId !== undefined && (await findChallenge(tx, id)) !== undefined) {
      return;
    }
    await refuseDraft(tx, playerId);
    await insertChallenge(tx, row, text.lie_index ?? null);
  });
  return id;
}

/** Changes what is given, until the lie is locked. Throws `challenge_not_found` and `challenge_locked` Problems. */
export async function editChallenge(
  ask: { challenge_id: string; player_id: string; text: ChallengeText },
  ports: Pick<Ports, 'db' | 'clock'>,
): Promise<void> {
  await transact(ports.db, async (tx) => {
    const challenge = await findOwnChallenge(tx, ask.challenge_id, ask.player_id);
    if (!isOpenForLie(challenge.status)) {
      throw new Problem('challenge_locked', { detail: 'A challenge is changed before it is published.' });
    }
    const { title, prompt, story, statements, audience, transition, lie_index } = ask.text;
    const change: ChallengeChange = { updated_at: timeAt(ports) };
    if (prompt !== undefined) {
      change.prompt = emptyToNull(prompt) ?? null;
    }
    const isOwnTitle = challenge.title !== titleFor('', challenge.prompt, challenge.created_at);
    if (title !== undefined || (prompt !== undefined && !isOwnTitle)) {
      // a title that was filled in follows what it was filled from
      change.title = titleFor(title, change.prompt === undefined ? challenge.prompt : change.prompt, challenge.created_at);
    }
    if (story !== undefined) {
      change.story = emptyToNull(story) ?? null;
    }
    if (statements !== undefined) {
      change.statements = statementsJson(statements);
    }
    if (audience !== undefined) {
      change.audience = audience;
    }
    if (transition !== undefined && transition !== challenge.transition) {
      // the video would keep what it was merged with
      if (challenge.status === 'merging' || challenge.merged_video_url !== null) {
        throw new Problem('challenge_locked', { detail: 'A transition is chosen before the clips are merged.' });
      }
      change.transition = transition;
    }
    if (lie_index !== undefined) {
      await setLie(tx, challenge.id, lie_index);
    }
    await updateChallenge(tx, challenge.id, change);
  });
}

/** Every challenge has a title: an empty one is filled from the prompt, or from the day it was begun. */
function titleFor(title: string | undefined, prompt: string | null, createdAt: string): string {
  return emptyToNull(title) ?? prompt ?? `Challenge of ${createdAt.slice(0, DATE_LENGTH)}`;
}

function emptyToNull(text: string | null | undefined): string | null | undefined {
  return text === '' ? null : text;
}

function statementsJson(statements: readonly (string | null)[]): string {
  return JSON.stringify(statements.map((line) => emptyToNull(line) ?? null));
}
