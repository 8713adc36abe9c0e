/** Three challenges by the house, so that an empty server has something to guess. They go the way of every challenge. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@2t1l/contract/problems';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { CLIPS_PER_CHALLENGE } from '@2t1l/game/limits';
import { hashFile } from '../flow/keep-blob.ts';
import { processChallenge } from '../flow/process-challenge.ts';
import { receiveClip } from '../flow/receive-clip.ts';
import { SECOND, timeAt } from '../flow/times.ts';
import { workFolder } from '../flow/work-folder.ts';
import { createChallenge } from '../flow/write-challenge.ts';
import type { Ports } from '../ports.ts';
import { findChallenge } from '../store/challenges.ts';
import { listClips } from '../store/clips.ts';
import { transact } from '../store/transact.ts';
import { isUniqueViolation } from '../store/unique-violation.ts';
import { HOUSE_STORIES, type HouseStory } from './stories.ts';

/** The author of the house's challenges. No player can take the name: theirs have no spaces. */
const HOUSE = { id: '0198f000-0000-7000-8000-000000000000', username: 'The House' } as const;
const BIRTH_YEAR = 1970;
/** Where the machine is busy at the start, say: with the second that a Problem asks for, two minutes at least. */
const TRIES = 120;

/**
 * Draws what is missing and sends it on its way; the worker does the rest. A second call, also after a kill in the middle, goes on
 * where the first stood, and so does this one where a Problem says that it will pass. A server on which players have begun without the house
 * is left alone. Ends early when `signal` is aborted.
 */
export async function makeHouseContent(ports: Ports, signal: AbortSignal): Promise<void> {
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      await tellAll(ports, signal);
      return;
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      const wait = error instanceof Problem ? error.retry_after_seconds : undefined;
      if (wait === undefined || tries === TRIES) {
        ports.log.warn({ err: error }, 'the example challenges could not be made; the next start tries again');
        return;
      }
      await sleep(wait * SECOND, undefined, { signal }).catch(() => {});
    }
  }
}

async function tellAll(ports: Ports, signal: AbortSignal): Promise<void> {
  if (!(await moveIn(ports))) {
    return;
  }
  for (const story of HOUSE_STORIES) {
    await tell(story, ports, signal);
  }
}

/** True where the house has an account or, on an empty server, gets one. */
async function moveIn(ports: Ports): Promise<boolean> {
  return transact(ports.db, async (tx) => {
    if (await tx.selectFrom('users').select('id').where('id', '=', HOUSE.id).executeTakeFirst()) {
      return true;
    }
    if (await tx.selectFrom('challenges').select('id').limit(1).executeTakeFirst()) {
      return false;
    }
    const now = timeAt(ports);
    await tx
      .insertInto('users')
      .values({
        ...HOUSE,
        username_key: HOUSE.username.toLowerCase(),
        email: null,
        email_key: null,
        password_hash: null,
        role: 'house',
        terms_accepted_at: now,
        birth_year: BIRTH_YEAR,
        tells: 0,
        created_at: now,
        updated_at: now,
      })
      .execute();
    return true;
  });
}

async function tell(story: HouseStory, ports: Ports, signal: AbortSignal): Promise<void> {
  await begin(story, ports);
  const challenge = await findChallenge(ports.db, story.id);
  if (challenge?.status !== 'draft' && challenge?.status !== 'failed') {
    return;
  }
  for (const index of await missing(story.id, ports)) {
    signal.throwIfAborted();
    await record(story, index, ports, signal);
  }
  if ((await listClips(ports.db, story.id)).length === CLIPS_PER_CHALLENGE) {
    await processChallenge({ challenge_id: story.id, player_id: HOUSE.id }, ports);
  }
}

async function begin(story: HouseStory, ports: Ports): Promise<void> {
  if ((await findChallenge(ports.db, story.id)) !== undefined) {
    return;
  }
  try {
    await createChallenge(HOUSE.id, { ...story, audience: 'public' }, ports, story.id);
  } catch (error) {
    // Another process of this server was quicker.
    if (!isUniqueViolation(error, 'challenges.id')) {
      throw error;
    }
  }
}

/** Places without a clip, or with a refused one. */
async function missing(challengeId: string, ports: Ports): Promise<SegmentIndex[]> {
  const clips = await listClips(ports.db, challengeId);
  return SEGMENT_INDEXES.filter((index) => !clips.some((clip) => clip.segment_index === index && clip.status !== 'refused'));
}

async function record(story: HouseStory, index: SegmentIndex, ports: Ports, signal: AbortSignal): Promise<void> {
  await using folder = await workFolder('house', ports);
  const media = await ports.media();
  const path = join(folder.path, 'scene.mp4');
  await media.drawScene(path, { line: story.statements[index], voice: story.voice, figure: story.figure }, { signal });
  const file = { path, ...(await hashFile(path, signal)) };
  await receiveClip({ challenge_id: story.id, player_id: HOUSE.id, segment_index: index }, file, ports);
}
