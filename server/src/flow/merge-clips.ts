/** Makes one video, its segments and its poster of three ready clips. */
import { join } from 'node:path';
import type { Segment } from '@2t1l/game/challenge';
import { CLIPS_PER_CHALLENGE } from '@2t1l/game/limits';
import type { Ports, RunningJob, Tx } from '../ports.ts';
import { type BlobRef, posterOwner, videoOwner } from '../store/blob-refs.ts';
import { blobUrl, type Challenge, findChallenge } from '../store/challenges.ts';
import { listClips } from '../store/clips.ts';
import { transact } from '../store/transact.ts';
import { enter } from './flow.ts';
import { claimBlob, hashFile, keepFile, releaseBlob } from './keep-blob.ts';
import { progressReport } from './progress.ts';
import { publishingProblem } from './publish-challenge.ts';
import { workFolder } from './work-folder.ts';

type MergePorts = Pick<Ports, 'db' | 'blobs' | 'jobs' | 'events' | 'clock' | 'ids' | 'media' | 'folders' | 'log'>;

interface Merged {
  video: BlobRef;
  poster: BlobRef;
  segments: Segment[];
}

export async function mergeClips(job: RunningJob<'merge-clips'>, ports: MergePorts): Promise<void> {
  const { challenge_id } = job.payload;
  const challenge = await findChallenge(ports.db, challenge_id);
  if (challenge?.status !== 'merging') {
    await transact(ports.db, (tx) => job.done(tx));
    return;
  }
  await using folder = await workFolder('merge-clips', ports);
  const merged = await merge(challenge, folder.path, job, ports);
  await transact(ports.db, async (tx) => {
    await settle(tx, challenge_id, merged, ports);
    await job.done(tx);
  });
}

async function merge(
  { id, transition }: Pick<Challenge, 'id' | 'transition'>,
  folder: string,
  job: RunningJob<'merge-clips'>,
  ports: MergePorts,
): Promise<Merged> {
  const media = await ports.media();
  const inputs = await fetchClips(id, folder, ports);
  const video = join(folder, 'video.mp4');
  const poster = join(folder, 'poster.jpg');
  await using progress = progressReport(job, { challenge_id: id, step: 'merge-clips', segment_index: null }, ports);
  const { segments } = await media.merge(
    inputs,
    video,
    { transition, workDir: folder },
    { signal: job.signal, onProgress: progress.report },
  );
  await media.poster(video, poster, { signal: job.signal });
  return { segments, video: await keep(video, job.signal, ports), poster: await keep(poster, job.signal, ports) };
}

async function fetchClips(challengeId: string, folder: string, ports: MergePorts): Promise<[string, string, string]> {
  const hashes = (await listClips(ports.db, challengeId)).flatMap((clip) => clip.canonical_hash ?? []);
  const [first, second, third, ...more] = await Promise.all(hashes.map((hash) => ports.blobs.fetch(hash, folder)));
  if (first === undefined || second === undefined || third === undefined || more.length > 0) {
    throw new Error(`a challenge in merging has ${CLIPS_PER_CHALLENGE} ready clips, this one ${hashes.length}`);
  }
  return [first, second, third];
}

async function keep(path: string, signal: AbortSignal, ports: MergePorts): Promise<BlobRef> {
  const { hash } = await hashFile(path, signal);
  return keepFile(path, hash, ports);
}

/** Writes the result; where the challenge has left the state in the meantime, the result is let go. */
async function settle(tx: Tx, challengeId: string, { video, poster, segments }: Merged, ports: MergePorts): Promise<void> {
  const challenge = await findChallenge(tx, challengeId);
  if (challenge?.status !== 'merging') {
    await releaseBlob(tx, video.owner, ports);
    await releaseBlob(tx, poster.owner, ports);
    return;
  }
  await claimBlob(tx, video, videoOwner(challengeId), ports);
  await claimBlob(tx, poster, posterOwner(challengeId), ports);
  const next = (await publishingProblem(tx, challenge, ports)) === null ? 'publishing' : 'ready';
  await enter(tx, ports, challenge, next, {
    merged_video_url: blobUrl(video.hash),
    poster_url: blobUrl(poster.hash),
    video_segments: JSON.stringify(segments),
  });
}
