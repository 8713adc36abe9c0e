/** Looks at a clip and makes it canonical where it is not: `ready`, or `refused` with reasons. */
import { join } from 'node:path';
import type { Media, Ports, RunningJob, Tx } from '../ports.ts';
import { type BlobRef, canonicalOwner, insertRef } from '../store/blob-refs.ts';
import { findChallenge } from '../store/challenges.ts';
import { type Clip, clipFacts, findClip, listClips, settleClip } from '../store/clips.ts';
import { presentClip } from '../store/present.ts';
import { transact } from '../store/transact.ts';
import { askForAnalysis } from './analyse-clip.ts';
import { enter } from './flow.ts';
import { claimBlob, hashFile, keepFile, releaseBlob } from './keep-blob.ts';
import { progressReport } from './progress.ts';
import { timeAt } from './times.ts';
import { workFolder } from './work-folder.ts';

type CheckPorts = Pick<Ports, 'db' | 'blobs' | 'jobs' | 'events' | 'clock' | 'ids' | 'media' | 'folders' | 'log'>;
type Prepared = Awaited<ReturnType<Media['prepare']>>;

export async function checkClip(job: RunningJob<'check-clip'>, ports: CheckPorts): Promise<void> {
  const clip = await findClip(ports.db, job.payload.clip_id);
  if (clip === undefined || clip.status !== 'checking') {
    await transact(ports.db, (tx) => job.done(tx));
    return;
  }
  await using folder = await workFolder('check-clip', ports);
  const prepared = await prepare(clip, folder.path, job, ports);
  const canonical = prepared.outcome === 'accepted' && prepared.output !== null ? await keep(prepared.output, job.signal, ports) : null;
  await transact(ports.db, async (tx) => {
    await settle(tx, clip, prepared, canonical, ports);
    await job.done(tx);
  });
}

async function prepare(clip: Clip, folder: string, job: RunningJob<'check-clip'>, ports: CheckPorts): Promise<Prepared> {
  const media = await ports.media();
  const input = await ports.blobs.fetch(clip.source_hash, folder);
  const position = { challenge_id: clip.challenge_id, step: 'check-clip', segment_index: clip.segment_index } as const;
  await using progress = progressReport(job, position, ports);
  return await media.prepare(input, join(folder, 'canonical.mp4'), { signal: job.signal, onProgress: progress.report });
}

async function keep(path: string, signal: AbortSignal, ports: CheckPorts): Promise<BlobRef> {
  const { hash } = await hashFile(path, signal);
  return keepFile(path, hash, ports);
}

/** Writes the outcome; nothing happens where the clip was replaced, deleted or checked in the meantime. */
async function settle(tx: Tx, clip: Clip, prepared: Prepared, canonical: BlobRef | null, ports: CheckPorts): Promise<void> {
  const settled = await settleClip(tx, clip.id, { ...outcomeOf(clip, prepared, canonical), updated_at: timeAt(ports) });
  if (settled === undefined) {
    if (canonical !== null) {
      await releaseBlob(tx, canonical.owner, ports);
    }
    return;
  }
  if (canonical !== null) {
    await claimBlob(tx, canonical, canonicalOwner(clip.id), ports);
  } else if (settled.canonical_hash !== null) {
    await insertRef(tx, { owner: canonicalOwner(clip.id), hash: settled.canonical_hash }, timeAt(ports));
  }
  await ports.events.add(tx, { type: 'clip.changed', challenge_id: clip.challenge_id, clip: presentClip(clipFacts(settled)) }, 'author');
  await askForAnalysis(tx, clip.id, ports);
  await goOn(tx, clip.challenge_id, ports);
}

function outcomeOf(clip: Clip, prepared: Prepared, canonical: BlobRef | null) {
  if (prepared.outcome === 'refused') {
    return { status: 'refused', reasons: JSON.stringify(prepared.reasons) } as const;
  }
  const { duration_seconds, width, height } = prepared.facts;
  return {
    status: 'ready',
    notices: JSON.stringify(prepared.notices),
    canonical_hash: canonical?.hash ?? clip.source_hash,
    duration_seconds,
    width,
    height,
  } as const;
}

/** Where the author has asked for the merge already: on to it with three ready clips, back to draft with a refused one. */
async function goOn(tx: Tx, challengeId: string, ports: CheckPorts): Promise<void> {
  const challenge = await findChallenge(tx, challengeId);
  if (challenge?.status !== 'checking') {
    return;
  }
  const clips = await listClips(tx, challengeId);
  if (clips.some((clip) => clip.status === 'refused')) {
    await enter(tx, ports, challenge, 'draft');
  } else if (clips.every((clip) => clip.status === 'ready')) {
    await enter(tx, ports, challenge, 'merging');
  }
}
