/** Who is told of what by notification. The jobs are added in the transaction of the state that they tell of; send-push.ts sends. */
import type { JobPayloads, NewJob, Ports, RunningJob, Tx } from '../ports.ts';
import { findChallenge } from '../store/challenges.ts';
import { newForPlayer } from '../store/feed.ts';
import { dueDigests, moveDigest, sessionsWanting } from '../store/push-tokens.ts';
import { transact } from '../store/transact.ts';
import { DIGEST_MOST } from './push-texts.ts';
import { DAY, HOUR, SECOND, timeAt } from './times.ts';

/** A message is tried for about twenty minutes (the backoff of jobs doubles up to five minutes). */
const ATTEMPTS = 12;
/** Guesses are told of at most so often. */
const GUESSES_PAUSE = HOUR;
const WEEK = 7 * DAY;
const BATCH = 1000;

interface Told {
  id: string;
  user_id: string;
}

/** Tells the author what has become of their challenge, on every device that asked for it. */
export async function tellAuthor(tx: Tx, { jobs }: Pick<Ports, 'jobs'>, news: 'published' | 'failed' | 'refused', { id, user_id }: Told) {
  for (const session_id of await sessionsWanting(tx, user_id, news === 'published' ? 'published' : 'failed')) {
    await jobs.add(tx, pushJob({ session_id, news, challenge_id: id, count: 0 }, user_id));
  }
}

/** A guess has come in, whose author wants to hear of it. The first is told of at once; what comes in the hour after it waits for the hour's end. */
export async function tellOfGuess(tx: Tx, { jobs }: Pick<Ports, 'jobs'>, challenge: Told): Promise<void> {
  await jobs.add(tx, guessesJob(challenge, 0));
}

/**
 * The job: tells of the guesses so far where there are more than `told`, and stays for an hour as the job that tells of the next.
 * Guesses in that hour find it waiting, so that they add none.
 */
export async function tellOfGuesses(job: RunningJob<'push-guesses'>, ports: Pick<Ports, 'db' | 'jobs'>): Promise<void> {
  const { challenge_id, told } = job.payload;
  await transact(ports.db, async (tx) => {
    const challenge = await findChallenge(tx, challenge_id);
    const isNews = challenge?.status === 'published' && challenge.guess_count > told;
    const sessions = isNews ? await sessionsWanting(tx, challenge.user_id, 'guessed') : [];
    await job.done(tx);
    if (challenge === undefined || sessions.length === 0) {
      return;
    }
    for (const session_id of sessions) {
      await ports.jobs.add(tx, pushJob({ session_id, news: 'guessed', challenge_id, count: challenge.guess_count }, challenge.user_id));
    }
    await ports.jobs.add(tx, guessesJob(challenge, challenge.guess_count, GUESSES_PAUSE));
  });
}

/** Once a week and device, in the hour in which it was asked for: how many challenges have come since. Nothing where there are none. */
export async function tellDigests(ports: Pick<Ports, 'db' | 'jobs' | 'clock'>): Promise<number> {
  const batch = await dueDigests(ports.db, timeAt(ports), BATCH);
  for (const { session_id, user_id, digest_at } of batch) {
    const late = ports.clock.now() - Date.parse(digest_at);
    const next = Date.parse(digest_at) + (Math.floor(late / WEEK) + 1) * WEEK;
    await transact(ports.db, async (tx) => {
      if (!(await moveDigest(tx, session_id, digest_at, new Date(next).toISOString()))) {
        return;
      }
      const count = await newForPlayer(tx, user_id, timeAt(ports, -WEEK), DIGEST_MOST + 1);
      if (count > 0) {
        await ports.jobs.add(tx, pushJob({ session_id, news: 'digest', challenge_id: null, count }, user_id));
      }
    });
  }
  return batch.length;
}

/** When the first digest of a device that asks now is due. */
export function firstDigest(ports: Pick<Ports, 'clock'>): string {
  return timeAt(ports, WEEK);
}

/** One message to one device. While it waits or runs, the same news about the same challenge is not added again. */
export function pushJob(payload: JobPayloads['push'], owner: string): NewJob<'push'> {
  const dedupe_key = `push:${payload.news}:${payload.challenge_id ?? ''}:${payload.session_id}`;
  return { kind: 'push', payload, lane: 'outside', owner, dedupe_key, max_attempts: ATTEMPTS };
}

function guessesJob({ id, user_id }: Told, told: number, delay = 0): NewJob<'push-guesses'> {
  return {
    kind: 'push-guesses',
    payload: { challenge_id: id, told },
    lane: 'outside',
    owner: user_id,
    dedupe_key: `push-guesses:${id}`,
    delay_seconds: delay / SECOND,
  };
}
