/** Every ten minutes: what nobody needs is deleted, and what was left lying is taken up. Each part stands alone and may run twice. */
import type { Ports, RunningJob, Tx } from '../ports.ts';
import { clipsWithoutModel } from '../store/analyses.ts';
import { canonicalOwner, deleteRef, dropStaleRef, heavyVideoOwner, sourceOwner, staleRefs } from '../store/blob-refs.ts';
import { challengesIn, challengesPastClips, challengesPastHeavy, findChallenge, updateChallenge } from '../store/challenges.ts';
import { clipsInCheck, listClips } from '../store/clips.ts';
import { deleteDeadJobs, deleteIdleGuests, deleteOldEvents, deleteOldIdempotencyKeys, deleteOldRefreshTokens } from '../store/old-rows.ts';
import { transact } from '../store/transact.ts';
import { expiredUploads } from '../store/uploads.ts';
import { measureAgain } from './analyse-clip.ts';
import { forgetUpload } from './begin-upload.ts';
import { recordTells } from './count-tells.ts';
import { addJobs, checkJob, WORKING_STATES } from './flow.ts';
import { releaseBlob } from './keep-blob.ts';
import { sweepFolders } from './sweep-folders.ts';
import { tellDigests } from './tell-player.ts';
import { DAY, MINUTE, SECOND, timeAt } from './times.ts';

/** How many rows one part takes on in one run of the sweep; where there may be more, the next run follows at once. */
const BATCH = 1000;
const PAUSE = 10 * MINUTE;
/** How long a blob without an owner is left alone: a step between storing it and writing its result needs it. */
const BLOB_GRACE = 10 * MINUTE;
/** How long the error of a job that was given up can be looked at. */
const DEAD_JOBS_KEPT = 7 * DAY;
/** A guest who has played nothing is forgotten after so long. */
const IDLE_GUESTS_KEPT = 30 * DAY;

/** Adds the next sweep, or the first; there is never more than one. */
export async function scheduleSweep(tx: Tx, { jobs }: Pick<Ports, 'jobs'>, delay = PAUSE): Promise<void> {
  await jobs.add(tx, { kind: 'sweep', payload: {}, lane: 'light', dedupe_key: 'sweep', delay_seconds: delay / SECOND, priority: -1 });
}

/** At the start of a worker: takes up what has no job, and sees to it that the sweep runs on. */
export async function beginSweeping(ports: Pick<Ports, 'db' | 'jobs'>): Promise<void> {
  await rescueSteps(ports);
  await transact(ports.db, (tx) => scheduleSweep(tx, ports, 0));
}

/** The job: every part, then the next one, at once where a part was a full batch. A part that throws does not keep the others from their work. */
export async function sweep(job: RunningJob<'sweep'>, ports: Ports): Promise<void> {
  let isMoreThere = false;
  for (const part of PARTS) {
    if (job.signal.aborted) {
      break;
    }
    try {
      const count = await part(ports);
      isMoreThere ||= typeof count === 'number' && count >= BATCH;
    } catch (error) {
      ports.log.error({ err: error, part: part.name }, 'a part of the sweep failed');
    }
  }
  await transact(ports.db, async (tx) => {
    await job.done(tx);
    await scheduleSweep(tx, ports, isMoreThere ? 0 : PAUSE);
  });
}

/** Measures the clips that could not be when they came, once there are models. Whatever else stood in the way, each is tried once a sweep, like a new one. */
export async function measureClips(ports: Pick<Ports, 'db' | 'jobs' | 'analysis' | 'log'>): Promise<number> {
  const batch = await clipsWithoutModel(ports.db, BATCH);
  if (batch.length === 0 || (await ports.analysis()) === null) {
    return 0;
  }
  for (const clipId of batch) {
    await transact(ports.db, (tx) => measureAgain(tx, clipId, ports));
  }
  ports.log.info({ clips: batch.length }, 'clips that could not be measured when they came are tried again');
  return batch.length;
}

/** Adds the jobs of challenges and clips that are at work; where they have theirs, nothing happens. */
export async function rescueSteps(ports: Pick<Ports, 'db' | 'jobs'>): Promise<void> {
  for (const { id } of await challengesIn(ports.db, WORKING_STATES, BATCH)) {
    await transact(ports.db, async (tx) => {
      const challenge = await findChallenge(tx, id);
      if (challenge !== undefined) {
        await addJobs(tx, ports, challenge);
      }
    });
  }
  const clips = await clipsInCheck(ports.db, BATCH);
  if (clips.length > 0) {
    await transact(ports.db, async (tx) => {
      for (const clip of clips) {
        await ports.jobs.add(tx, checkJob(clip.id, clip.user_id));
      }
    });
  }
}

/** Lets the clips' own files go, 24 hours after publishing. */
export async function releaseClips(ports: Pick<Ports, 'db' | 'clock' | 'ids'>): Promise<number> {
  const batch = await challengesPastClips(ports.db, timeAt(ports), BATCH);
  for (const { id } of batch) {
    await transact(ports.db, async (tx) => {
      for (const clip of await listClips(tx, id)) {
        await releaseBlob(tx, sourceOwner(clip.id), ports);
        await releaseBlob(tx, canonicalOwner(clip.id), ports);
      }
      await updateChallenge(tx, id, { clips_until: null });
    });
  }
  return batch.length;
}

/** Lets the heavy videos go that slim ones have replaced, when no signed address of them is valid any more. */
export async function releaseHeavyVideos(ports: Pick<Ports, 'db' | 'clock' | 'ids'>): Promise<number> {
  const batch = await challengesPastHeavy(ports.db, timeAt(ports), BATCH);
  for (const { id } of batch) {
    await transact(ports.db, async (tx) => {
      await releaseBlob(tx, heavyVideoOwner(id), ports);
      await updateChallenge(tx, id, { heavy_until: null });
    });
  }
  return batch.length;
}

/** Forgets uploads past their time; their files go with the folder's sweep. */
export async function expireUploads(ports: Pick<Ports, 'db' | 'clock' | 'ids'>): Promise<number> {
  const batch = await expiredUploads(ports.db, timeAt(ports), BATCH);
  for (const { id } of batch) {
    await transact(ports.db, async (tx) => {
      await forgetUpload(tx, id, ports);
    });
  }
  return batch.length;
}

/** Deletes blobs that nobody refers to. Claimed in the database first: who wants the same bytes in that moment waits. */
export async function sweepBlobs(ports: Pick<Ports, 'db' | 'blobs' | 'clock'>): Promise<number> {
  const batch = await staleRefs(ports.db, timeAt(ports, -BLOB_GRACE), BATCH);
  for (const ref of batch) {
    const claim = await transact(ports.db, (tx) => dropStaleRef(tx, ref, timeAt(ports)));
    if (claim !== null) {
      await ports.blobs.delete(ref.hash);
      await transact(ports.db, (tx) => deleteRef(tx, claim));
    }
  }
  return batch.length;
}

async function sweepRows(ports: Pick<Ports, 'db' | 'clock'>): Promise<number> {
  const dayAgo = timeAt(ports, -DAY);
  const counts = [
    (await transact(ports.db, (tx) => deleteOldEvents(tx, dayAgo, BATCH * 10))) / 10,
    await transact(ports.db, (tx) => deleteOldRefreshTokens(tx, timeAt(ports), BATCH)),
    await transact(ports.db, (tx) => deleteIdleGuests(tx, timeAt(ports, -IDLE_GUESTS_KEPT), BATCH)),
  ];
  await transact(ports.db, (tx) => deleteOldIdempotencyKeys(tx, dayAgo));
  await transact(ports.db, (tx) => deleteDeadJobs(tx, timeAt(ports, -DEAD_JOBS_KEPT)));
  return Math.max(...counts);
}

const PARTS = [
  rescueSteps,
  releaseClips,
  releaseHeavyVideos,
  expireUploads,
  measureClips,
  recordTells,
  sweepBlobs,
  sweepRows,
  sweepFolders,
  tellDigests,
];
