/** Rows as tests need them, with their parents; what is not given is filled. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChallengeState, SegmentIndex } from '@2t1l/game/challenge';
import { commitmentOf } from '@2t1l/game/commitment';
import type { Insertable } from 'kysely';
import { claimBlob, hashFile, keepFile } from '../src/flow/keep-blob.ts';
import { type ChallengeText, createChallenge } from '../src/flow/write-challenge.ts';
import type { JobKind, JobPayloads, Ports, RunningJob } from '../src/ports.ts';
import { setNonce } from '../src/store/answers.ts';
import { posterOwner, videoOwner } from '../src/store/blob-refs.ts';
import { blobUrl, updateChallenge } from '../src/store/challenges.ts';
import type { UserRow } from '../src/store/tables.ts';
import { transact } from '../src/store/transact.ts';

let count = 0;

/** A player who has accepted the terms and is old enough. */
export async function buildPlayer(ports: Ports, overrides: Partial<Insertable<UserRow>> = {}): Promise<{ id: string; username: string }> {
  const id = ports.ids.next();
  const username = `player${++count}-${id.slice(-6)}`;
  const now = new Date(ports.clock.now()).toISOString();
  const row = {
    id,
    email: `${username}@example.com`,
    email_key: `${username}@example.com`,
    username,
    username_key: username,
    password_hash: null,
    role: 'player',
    terms_accepted_at: now,
    birth_year: 1990,
    tells: 0,
    created_at: now,
    updated_at: now,
    ...overrides,
  } as const;
  await transact(ports.db, (tx) => tx.insertInto('users').values(row).execute());
  return { id: row.id, username: row.username };
}

export interface ChallengeWish extends Omit<ChallengeText, 'lie_index'> {
  author_id?: string;
  status?: ChallengeState;
  /** 1 where it is not given. */
  lie_index?: SegmentIndex | null;
  published_at?: string;
}

export interface BuiltChallenge {
  id: string;
  author_id: string;
  lie_index: SegmentIndex | null;
}

const MADE: readonly ChallengeState[] = ['publishing', 'ready', 'published', 'held', 'hidden'];
const LOCKED: readonly ChallengeState[] = ['published', 'held', 'hidden'];

/** A challenge in any state; with a video and a poster of random bytes where that state has them. Its clips are not made. */
export async function buildChallenge(ports: Ports, wish: ChallengeWish = {}): Promise<BuiltChallenge> {
  const { author_id = (await buildPlayer(ports)).id, status = 'draft', lie_index = 1, published_at, ...text } = wish;
  const id = await createChallenge(author_id, { statements: ['first', 'second', 'third'], ...text, lie_index }, ports);
  if (MADE.includes(status)) {
    const video = await buildBlob(ports, videoOwner(id));
    const poster = await buildBlob(ports, posterOwner(id));
    const video_segments = JSON.stringify([0, 1, 2].map((start) => ({ start_seconds: start, end_seconds: start + 1 })));
    await transact(ports.db, (tx) =>
      updateChallenge(tx, id, { merged_video_url: blobUrl(video), poster_url: blobUrl(poster), video_segments }),
    );
  }
  if (LOCKED.includes(status) && lie_index !== null) {
    const nonce = randomBytes(32).toString('hex');
    await transact(ports.db, async (tx) => {
      await setNonce(tx, id, nonce);
      await updateChallenge(tx, id, {
        commitment: commitmentOf(lie_index, nonce),
        published_at: published_at ?? new Date(ports.clock.now()).toISOString(),
      });
    });
  }
  await transact(ports.db, (tx) => updateChallenge(tx, id, { status }));
  return { id, author_id, lie_index };
}

/** Puts random bytes (or `bytes`) into the store for `owner`; the hash. */
export async function buildBlob(ports: Ports, owner: string, bytes: Uint8Array = randomBytes(1000)): Promise<string> {
  const folder = await mkdtemp(join(ports.folders.work, 'blob-'));
  try {
    const path = join(folder, 'bytes');
    await writeFile(path, bytes);
    const { hash } = await hashFile(path);
    const reserved = await keepFile(path, hash, ports);
    await transact(ports.db, (tx) => claimBlob(tx, reserved, owner, ports));
    return hash;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A job as the worker hands it to a step, without a row: `done` only counts. */
export function runningJob<K extends JobKind>(
  kind: K,
  payload: JobPayloads[K],
  overrides: Partial<RunningJob<K>> = {},
): RunningJob<K> & { done_count: number } {
  const job = {
    id: randomBytes(8).toString('hex'),
    kind,
    payload,
    attempt: 1,
    is_last_attempt: false,
    signal: new AbortController().signal,
    progress: async () => {},
    done_count: 0,
    done: async () => {
      job.done_count += 1;
    },
    ...overrides,
  };
  return job;
}
