/** Locks the lie and shows the challenge to others, exactly once: by the worker where the lie was set before, or by the author's call. */
import assert from 'node:assert/strict';
import { Problem } from '@2t1l/contract/problems';
import { isOpenForLie, type SegmentIndex } from '@2t1l/game/challenge';
import { commitmentOf, NONCE_BYTES } from '@2t1l/game/commitment';
import { AGE_MIN_YEARS, CLIPS_KEPT_HOURS } from '@2t1l/game/limits';
import type { Ports, RunningJob, Tx } from '../ports.ts';
import { findAnswer, setLie, setNonce } from '../store/answers.ts';
import { type Challenge, findChallenge } from '../store/challenges.ts';
import { transact } from '../store/transact.ts';
import { countPublished, findConsents } from '../store/users.ts';
import { enter } from './flow.ts';
import { findOwnChallenge } from './own-challenge.ts';
import { slimJob } from './slim-video.ts';
import { HOUR, timeAt } from './times.ts';

type PublishPorts = Pick<Ports, 'db' | 'jobs' | 'events' | 'clock' | 'chance'>;

/** The worker's step. Where the author withdrew a consent since, the challenge waits for them in `ready`. */
export async function publishChallenge(job: RunningJob<'publish-challenge'>, ports: PublishPorts): Promise<void> {
  await transact(ports.db, async (tx) => {
    const challenge = await findChallenge(tx, job.payload.challenge_id);
    if (challenge?.status === 'publishing') {
      if ((await publishingProblem(tx, challenge, ports)) === null) {
        await publish(tx, challenge, ports);
      } else {
        await enter(tx, ports, challenge, 'ready');
      }
    }
    await job.done(tx);
  });
}

export interface PublishAsk {
  challenge_id: string;
  player_id: string;
  lie_index: SegmentIndex | undefined;
}

/**
 * The author's call; once published it changes nothing. Throws `challenge_not_found`, `challenge_locked` (another lie than the
 * locked one, or taken down), `not_ready`, `lie_missing`, `terms_required`, `too_young`.
 */
export async function publishNow(ask: PublishAsk, ports: PublishPorts): Promise<void> {
  await transact(ports.db, async (tx) => {
    const challenge = await findOwnChallenge(tx, ask.challenge_id, ask.player_id);
    await takeLie(tx, challenge, ask.lie_index);
    if (challenge.status === 'published') {
      return;
    }
    if (challenge.status !== 'ready' && challenge.status !== 'publishing') {
      throw new Problem(isOpenForLie(challenge.status) ? 'not_ready' : 'challenge_locked');
    }
    const problem = await publishingProblem(tx, challenge, ports);
    if (problem !== null) {
      throw problem;
    }
    await publish(tx, challenge, ports);
  });
}

/** What stands against publishing besides the state; null where nothing does. */
export async function publishingProblem(tx: Tx, challenge: Challenge, { clock }: Pick<Ports, 'clock'>): Promise<Problem | null> {
  if ((await findAnswer(tx, challenge.id))?.lie_index == null) {
    return new Problem('lie_missing');
  }
  const consents = await findConsents(tx, challenge.user_id);
  if (consents?.terms_accepted_at == null || consents.birth_year === null) {
    return new Problem('terms_required');
  }
  if (new Date(clock.now()).getUTCFullYear() - consents.birth_year < AGE_MIN_YEARS) {
    return new Problem('too_young');
  }
  return null;
}

/** A lie that comes with the call: set while it is open; once locked, only the same one passes. */
async function takeLie(tx: Tx, challenge: Challenge, lie: SegmentIndex | undefined): Promise<void> {
  if (lie === undefined) {
    return;
  }
  if (isOpenForLie(challenge.status)) {
    await setLie(tx, challenge.id, lie);
    return;
  }
  if ((await findAnswer(tx, challenge.id))?.lie_index !== lie) {
    throw new Problem('challenge_locked', { detail: 'The lie was locked at publishing.' });
  }
}

async function publish(tx: Tx, challenge: Challenge, ports: PublishPorts): Promise<void> {
  const lie = (await findAnswer(tx, challenge.id))?.lie_index;
  assert(lie != null, 'only a challenge with a lie is published');
  const nonce = Buffer.from(ports.chance.bytes(NONCE_BYTES)).toString('hex');
  await setNonce(tx, challenge.id, nonce);
  await enter(tx, ports, challenge, 'published', {
    commitment: commitmentOf(lie, nonce),
    published_at: timeAt(ports),
    clips_until: timeAt(ports, CLIPS_KEPT_HOURS * HOUR),
  });
  await countPublished(tx, challenge.user_id, 1);
  await ports.jobs.add(tx, slimJob(challenge));
}
