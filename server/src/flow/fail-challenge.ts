/** A step has been given up: the challenge says which one and what to do, and `process` tries it again. */
import { Problem } from '@2t1l/contract/problems';
import type { Step } from '@2t1l/game/challenge';
import type { Db, JobKind, JobPayloads, Ports, Tx } from '../ports.ts';
import { findChallenge } from '../store/challenges.ts';
import { findClip } from '../store/clips.ts';
import { enter, FLOW } from './flow.ts';

/** Where the server is to blame, and no clip. */
const SERVERS_FAULT: Partial<Record<string, string>> = {
  media_tool_missing: 'ffmpeg is missing on the server. Install it there, then process the challenge again.',
  storage_full: 'The server has no space left. Free some there, then process the challenge again.',
  busy: 'The server was too busy. Wait a little, then process the challenge again.',
};

const FALLBACK: Record<Step, string> = {
  'check-clip': 'The check of a clip broke off several times. Process again; if it fails once more, record that clip again.',
  'merge-clips': 'Merging the clips broke off several times. Process again; if it fails once more, record a clip again.',
  'publish-challenge': 'Publishing broke off several times. Process again.',
};

/** True where trying again at once is of no use: somebody must do something about the server first. */
export function isPermanent(error: unknown): error is Problem {
  return error instanceof Problem && error.code in SERVERS_FAULT && error.retry_after_seconds === undefined;
}

/** True where the author waits for this very step; a clip of a draft is checked while they still record. */
export async function isAwaited(db: Db, job: { kind: JobKind; payload: JobPayloads[JobKind] }): Promise<boolean> {
  const challengeId = 'clip_id' in job.payload ? await challengeInCheck(db, job.payload.clip_id) : payloadChallenge(job.payload);
  const challenge = challengeId === undefined ? undefined : await findChallenge(db, challengeId);
  return challenge !== undefined && FLOW[challenge.status].step === job.kind;
}

/** Marks the challenge of a given-up job as failed; nothing happens where it has left the step in the meantime. */
export async function failChallenge(
  tx: Tx,
  job: { kind: JobKind; payload: JobPayloads[JobKind] },
  error: unknown,
  ports: Pick<Ports, 'jobs' | 'events' | 'clock'>,
): Promise<void> {
  // A video that stays heavy, tells that are not there, or a notification that never arrived are no failure of the challenge.
  if (!isStep(job.kind)) {
    return;
  }
  const challengeId = 'clip_id' in job.payload ? await challengeInCheck(tx, job.payload.clip_id) : payloadChallenge(job.payload);
  const challenge = challengeId === undefined ? undefined : await findChallenge(tx, challengeId);
  if (challenge === undefined) {
    return;
  }
  // A clip is checked in `draft` too, while its author records the next.
  const isAtStep = FLOW[challenge.status].step === job.kind || (job.kind === 'check-clip' && challenge.status === 'draft');
  if (!isAtStep) {
    return;
  }
  const reason = error instanceof Problem ? SERVERS_FAULT[error.code] : undefined;
  await enter(tx, ports, challenge, 'failed', { failed_step: job.kind, failed_reason: reason ?? FALLBACK[job.kind] });
}

function isStep(kind: JobKind): kind is Step {
  return kind in FALLBACK;
}

/** The challenge of a clip that still waits for its check. */
async function challengeInCheck(tx: Db | Tx, clipId: string): Promise<string | undefined> {
  const clip = await findClip(tx, clipId);
  return clip?.status === 'checking' ? clip.challenge_id : undefined;
}

function payloadChallenge(payload: JobPayloads[JobKind]): string | undefined {
  return 'challenge_id' in payload ? (payload.challenge_id ?? undefined) : undefined;
}
