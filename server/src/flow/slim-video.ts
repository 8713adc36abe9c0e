/** Puts a small rendition in the place of a heavy video, when the workers have nothing else to do. Nobody sees more of it than a shorter download. */
import { join } from 'node:path';
import type { Segment } from '@2t1l/game/challenge';
import { VIDEO_MINUTE_BYTES } from '@2t1l/game/limits';
import type { NewJob, Ports, RunningJob, Tx } from '../ports.ts';
import { type BlobRef, heavyVideoOwner, renameRef, videoOwner } from '../store/blob-refs.ts';
import { blobUrl, type Challenge, findChallenge, hashOf, updateChallenge } from '../store/challenges.ts';
import { transact } from '../store/transact.ts';
import { claimBlob, hashFile, keepFile, releaseBlob } from './keep-blob.ts';
import { MINUTE, SECOND, timeAt } from './times.ts';
import { workFolder } from './work-folder.ts';

type SlimPorts = Pick<Ports, 'db' | 'blobs' | 'clock' | 'ids' | 'media' | 'folders' | 'log'>;

/** It costs minutes of processor time: what has failed so often stays as it is. */
const ATTEMPTS = 3;

/** The job for a challenge that is being published. */
export function slimJob({ id, user_id }: Pick<Challenge, 'id' | 'user_id'>): NewJob<'slim-video'> {
  return {
    kind: 'slim-video',
    payload: { challenge_id: id },
    lane: 'idle',
    owner: user_id,
    dedupe_key: `slim-video:${id}`,
    max_attempts: ATTEMPTS,
  };
}

/** The worker's step. A video that is light, has been slimmed before or can be made no smaller stays as it is. */
export async function slimVideo(job: RunningJob<'slim-video'>, ports: SlimPorts): Promise<void> {
  const challenge = await findChallenge(ports.db, job.payload.challenge_id);
  const heavy = challenge === undefined ? null : await findHeavy(challenge, ports);
  if (heavy === null) {
    await transact(ports.db, (tx) => job.done(tx));
    return;
  }
  await using folder = await workFolder('slim-video', ports);
  const small = await makeSmall(heavy, folder.path, job, ports);
  await transact(ports.db, async (tx) => {
    if (small !== null) {
      await swap(tx, heavy, small, ports);
    }
    await job.done(tx);
  });
}

interface HeavyVideo {
  challenge_id: string;
  hash: string;
  segments: Segment[];
}

async function findHeavy(challenge: Challenge, { blobs }: Pick<Ports, 'blobs'>): Promise<HeavyVideo | null> {
  const hash = hashOf(challenge.merged_video_url);
  if (hash === null || challenge.heavy_until !== null) {
    return null;
  }
  const segments = JSON.parse(challenge.video_segments) as Segment[];
  const bytesAllowed = (VIDEO_MINUTE_BYTES * (segments.at(-1)?.end_seconds ?? 0)) / (MINUTE / SECOND);
  const stored = await blobs.stat(hash);
  return stored !== null && stored.size_bytes > bytesAllowed ? { challenge_id: challenge.id, hash, segments } : null;
}

async function makeSmall(
  { challenge_id, hash, segments }: HeavyVideo,
  folder: string,
  job: RunningJob<'slim-video'>,
  ports: SlimPorts,
): Promise<BlobRef | null> {
  const media = await ports.media();
  const video = await ports.blobs.fetch(hash, folder);
  const output = join(folder, 'slim.mp4');
  const slimmed = await media.slim(video, output, { segments, workDir: folder }, { signal: job.signal });
  ports.log.info({ challenge: challenge_id, ...slimmed }, 'a heavy video was slimmed, or kept for the reason given');
  if (slimmed.outcome === 'kept') {
    return null;
  }
  return keepFile(output, (await hashFile(output, job.signal)).hash, ports);
}

/** Where the challenge shows another video by now, or none, the rendition is let go. */
async function swap(tx: Tx, { challenge_id, hash }: HeavyVideo, small: BlobRef, ports: SlimPorts): Promise<void> {
  const challenge = await findChallenge(tx, challenge_id);
  if (challenge?.merged_video_url !== blobUrl(hash) || challenge.heavy_until !== null) {
    await releaseBlob(tx, small.owner, ports);
    return;
  }
  await renameRef(tx, videoOwner(challenge_id), heavyVideoOwner(challenge_id), timeAt(ports));
  await claimBlob(tx, small, videoOwner(challenge_id), ports);
  // `updated_at` stays: it tells of the author's changes.
  await updateChallenge(tx, challenge_id, {
    merged_video_url: blobUrl(small.hash),
    heavy_until: timeAt(ports, ports.blobs.url_seconds * SECOND),
  });
}
