/** Does one job of the queue and says what came of it. Never throws: every outcome is an action. */
import { Problem } from '@2t1l/contract/problems';
import { codeOf, type ErrorCode } from '../api/problem.ts';
import type { Api } from '../api/types.ts';
import { retryAt } from './backoff.ts';
import { BytesLost } from './bytes-lost.ts';
import { challengeActions } from './challenge-slice.ts';
import { type Draft, needsLogin, takesOf } from './draft.ts';
import { unsentText } from './draft-text.ts';
import type { Job } from './plan.ts';
import type { SendClipOptions } from './send-clip.ts';
import type { SenderStore } from './sender.ts';

export interface JobPorts {
  api: Pick<Api, 'createChallenge' | 'challenge' | 'patchChallenge' | 'process' | 'publish' | 'deleteChallenge'>;
  ensurePlayer(): Promise<unknown>;
  /** Answers the id of the server's clip, where the server says it. */
  sendClip(options: SendClipOptions): Promise<string | null>;
  removeTake(takeId: string): Promise<void>;
  now(): number;
  random(): number;
  dispatch: SenderStore['dispatch'];
  signal: AbortSignal;
  /** False once the author has changed his mind about what this job carries. */
  isCurrent(): boolean;
}

/** Problems that another try may well mend. */
const PASSING: readonly ErrorCode[] = [
  'offline',
  'timeout',
  'internal',
  'busy',
  'too_many_requests',
  'storage_full',
  // Nothing is lost meanwhile; the newer app goes on with it.
  'update_required',
  'media_tool_missing',
  'upload_locked',
  'upload_offset_wrong',
  'upload_not_found',
  'upload_expired',
];

export async function runJob(job: Job, ports: JobPorts): Promise<void> {
  try {
    await perform(job, ports);
  } catch (error) {
    if (ports.signal.aborted || !ports.isCurrent()) {
      return;
    }
    await recover(job, error, ports).catch(() => postpone(job.draft, error, ports));
  }
}

async function perform(job: Job, ports: JobPorts): Promise<void> {
  const { api, dispatch } = ports;
  const { id } = job.draft;
  switch (job.kind) {
    case 'create': {
      await ports.ensurePlayer();
      // The body never changes, so that the key always means the same request; texts follow by PATCH.
      const challenge = await api.createChallenge({ body: {} }, { idempotencyKey: `${id}-${job.draft.generation}` });
      dispatch(challengeActions.challengeCreated({ id, challenge_id: challenge.id }));
      dispatch(challengeActions.challengeSeen({ id, challenge }));
      return;
    }
    case 'send':
      return send(job, ports);
    case 'text':
      return sendText(job, ports);
    case 'process': {
      await sendText(job, ports);
      const challenge = await api.process({ params: { id: job.challenge_id } });
      dispatch(challengeActions.challengeSeen({ id, challenge }));
      return;
    }
    case 'publish': {
      const { lie_index } = job.draft;
      await sendText(job, ports);
      const challenge = await api.publish({ params: { id: job.challenge_id }, body: lie_index === null ? {} : { lie_index } });
      dispatch(challengeActions.challengeSeen({ id, challenge }));
      return;
    }
    case 'clean':
      await removeTakes(job.draft, ports);
      dispatch(challengeActions.draftCleaned({ id }));
      return;
    case 'erase':
      return erase(job.draft, ports);
  }
}

/** What the author has changed since the server was last heard: no more, so that another device's words stay. */
async function sendText(job: Extract<Job, { challenge_id: string }>, { api, dispatch }: JobPorts): Promise<void> {
  const body = unsentText(job.draft, job.draft.server_text);
  if (Object.keys(body).length > 0) {
    const challenge = await api.patchChallenge({ params: { id: job.challenge_id }, body });
    dispatch(challengeActions.challengeSeen({ id: job.draft.id, challenge }));
  }
}

async function send(job: Extract<Job, { kind: 'send' }>, { api, dispatch, sendClip, signal, isCurrent }: JobPorts): Promise<void> {
  const { take_id, sending } = job.clip;
  if (!('upload_url' in sending) || sending.upload_url === null) {
    // Another device may have filled this place meanwhile: then the author is asked before anything is overwritten.
    const challenge = await api.challenge({ params: { id: job.challenge_id } });
    if (challenge.is_author) {
      dispatch(challengeActions.challengeSeen({ id: job.draft.id, challenge }));
    }
    if (!isCurrent()) {
      return;
    }
  }
  dispatch(challengeActions.sendStarted({ take_id }));
  const clip_id = await sendClip({
    challenge_id: job.challenge_id,
    index: job.index,
    clip: job.clip,
    upload_url: 'upload_url' in sending ? sending.upload_url : null,
    signal,
    onProgress: throttled((sent_bytes, upload_url) => dispatch(challengeActions.sendProgressed({ take_id, sent_bytes, upload_url }))),
  });
  if (isCurrent()) {
    dispatch(challengeActions.sendDone({ take_id, clip_id }));
  }
}

async function erase(draft: Draft, ports: JobPorts): Promise<void> {
  if (draft.challenge_id !== null) {
    await ports.api.deleteChallenge({ params: { id: draft.challenge_id } }).catch((error: unknown) => {
      if (codeOf(error) !== 'challenge_not_found' && !needsLogin(problemCodeOf(error))) {
        throw error;
      }
    });
  }
  await removeTakes(draft, ports);
  ports.dispatch(challengeActions.draftErased({ id: draft.id }));
}

async function removeTakes(draft: Draft, ports: JobPorts): Promise<void> {
  for (const take of takesOf(draft)) {
    await ports.removeTake(take);
  }
}

/** What to do about a failure: wait and try again, mend it, or ask the author. */
async function recover(job: Job, error: unknown, ports: JobPorts): Promise<void> {
  const { dispatch } = ports;
  const { id } = job.draft;
  if (error instanceof BytesLost && job.kind === 'send') {
    dispatch(challengeActions.sendBlocked({ take_id: job.clip.take_id, problem: 'bytes_lost' }));
    return;
  }
  const code = codeOf(error);
  if (code === 'challenge_not_found' || code === 'idempotency_conflict') {
    dispatch(challengeActions.challengeLost({ id }));
    return;
  }
  if (PASSING.includes(code)) {
    postpone(job.draft, error, ports, job);
    return;
  }
  const problem = problemCodeOf(error);
  switch (job.kind) {
    case 'send':
      dispatch(challengeActions.sendBlocked({ take_id: job.clip.take_id, problem }));
      return;
    case 'text':
    case 'process':
    case 'publish':
      await compare(job, problem, ports);
      return;
    default:
      if (problem === 'too_many_drafts') {
        // Said to an author who waits for it; it goes on by itself once there is room.
        dispatch(challengeActions.publishNeeds({ id, problem }));
      }
      postpone(job.draft, error, ports, job);
  }
}

/** The server sees the challenge otherwise than we do: look at it, take its word, and ask the author only for what he alone can give. */
async function compare(
  job: Extract<Job, { kind: 'text' | 'process' | 'publish' }>,
  problem: Problem['code'],
  ports: JobPorts,
): Promise<void> {
  const { dispatch } = ports;
  const { id } = job.draft;
  if (problem !== 'clips_missing' && problem !== 'clip_refused' && problem !== 'not_ready' && problem !== 'challenge_locked') {
    dispatch(challengeActions.publishNeeds({ id, problem }));
    if (job.kind === 'text') {
      postpone(job.draft, null, ports);
    }
    return;
  }
  const challenge = await ports.api.challenge({ params: { id: job.challenge_id } });
  if (!challenge.is_author) {
    dispatch(challengeActions.challengeLost({ id }));
    return;
  }
  if (problem === 'clips_missing') {
    dispatch(challengeActions.clipsFoundMissing({ id, challenge }));
  }
  dispatch(challengeActions.challengeSeen({ id, challenge }));
  postpone(job.draft, null, ports);
}

/** Later, and a little later each time. */
function postpone(draft: Draft, error: unknown, { dispatch, now, random }: JobPorts, job?: Job): void {
  const atLeastMs = error instanceof Problem ? (error.retry_after_seconds ?? 0) * 1000 : 0;
  if (job?.kind === 'send') {
    const attempts = 'attempts' in job.clip.sending ? job.clip.sending.attempts : 0;
    dispatch(challengeActions.sendFailed({ take_id: job.clip.take_id, retry_at_ms: retryAt(attempts, now(), random, atLeastMs) }));
  } else {
    dispatch(challengeActions.callFailed({ id: draft.id, retry_at_ms: retryAt(draft.attempts, now(), random, atLeastMs) }));
  }
}

function problemCodeOf(error: unknown): Problem['code'] {
  return error instanceof Problem ? error.code : 'internal';
}

const PROGRESS_MS = 200;

/** A browser tells of progress every few kilobytes; a bar needs it five times a second. A new address passes at once. */
function throttled(tell: (sentBytes: number, uploadUrl: string | null) => void): SendClipOptions['onProgress'] {
  let last = 0;
  let lastUrl: string | null = null;
  return (sentBytes, uploadUrl) => {
    const now = Date.now();
    if (uploadUrl !== lastUrl || now - last >= PROGRESS_MS) {
      last = now;
      lastUrl = uploadUrl;
      tell(sentBytes, uploadUrl);
    }
  };
}
