/**
 * Measures face and voice of one ready clip, where its person and its author's choice allow it, and writes the challenge's
 * analysis once all three are settled. It never holds up a merge or a publication.
 */
import { Problem } from '@2t1l/contract/problems';
import type { Analysis, ClipAnalysis, NewJob, Ports, RunningJob, Tx } from '../ports.ts';
import {
  allowsTells,
  deleteClipAnalysis,
  earlierClips,
  findClipAnalysis,
  findSameFile,
  GIVEN_UP,
  giveClipUp,
  insertClipAnalysis,
  listClipAnalyses,
  NO_MODEL,
  writeAnalysis,
} from '../store/analyses.ts';
import { type Challenge, findChallenge } from '../store/challenges.ts';
import { type Clip, findClip, listClips } from '../store/clips.ts';
import { type Measured, measuredSegments, presentAnalysis } from '../store/present-analysis.ts';
import { transact } from '../store/transact.ts';
import { timeAt } from './times.ts';
import { workFolder } from './work-folder.ts';

type AnalysePorts = Pick<Ports, 'db' | 'blobs' | 'events' | 'clock' | 'ids' | 'analysis' | 'folders' | 'log'>;

const ATTEMPTS = 3;

/** At most one job of this key waits or runs. */
export const analyseKey = (clipId: string): string => `analyse-clip:${clipId}`;

/** The job that measures a clip of the player; nobody waits for it. */
export function analyseJob(clipId: string, owner: string): NewJob<'analyse-clip'> {
  return {
    kind: 'analyse-clip',
    payload: { clip_id: clipId },
    lane: 'last',
    owner,
    max_attempts: ATTEMPTS,
    dedupe_key: analyseKey(clipId),
  };
}

/** The worker's step. Throws `busy` where the clip may be measured again only since it was looked at: nobody else will ask for it. */
export async function analyseClip(job: RunningJob<'analyse-clip'>, ports: AnalysePorts): Promise<void> {
  const { clip_id } = job.payload;
  const found = await findMeasurable(ports.db, clip_id);
  const analysis = found === null ? null : await ports.analysis();
  const known = await findClipAnalysis(ports.db, clip_id);
  const result = found === null || known !== undefined || analysis === null ? null : await measure(found, analysis, job, ports);
  await transact(ports.db, async (tx) => {
    const still = await findMeasurable(tx, clip_id);
    if (still !== null) {
      if (found === null || (known !== undefined && (await findClipAnalysis(tx, clip_id)) === undefined)) {
        throw new Problem('busy', { detail: 'The clip was turned off and on again just now.', retry_after_seconds: 1 });
      }
      await keep(tx, still, { model: analysis?.model ?? NO_MODEL, result }, ports);
      await finish(tx, still.challenge, analysis, ports);
    }
    await job.done(tx);
  });
}

/**
 * In the transaction that gives the job up: the clip's tells are `failed`, and another job combines those of the others. Where `error` will pass
 * (`retry_after_seconds`) the sweep has the clip measured again.
 */
export async function failAnalysis(tx: Tx, clipId: string, error: unknown, ports: Pick<Ports, 'jobs' | 'clock'>): Promise<void> {
  const found = await findMeasurable(tx, clipId);
  if (found === null || (await findClipAnalysis(tx, clipId)) !== undefined) {
    return;
  }
  const isPassing = error instanceof Problem && error.retry_after_seconds !== undefined;
  await keep(tx, found, { model: isPassing ? NO_MODEL : GIVEN_UP, result: null }, ports);
  await ports.jobs.add(tx, analyseJob(clipId, found.challenge.user_id));
}

/** For a clip that could not be measured when it came: measured after all, where its file is still kept. What the others say together stands until then. */
export async function measureAgain(tx: Tx, clipId: string, ports: Pick<Ports, 'jobs'>): Promise<void> {
  const found = await findMeasurable(tx, clipId);
  if (found === null || areClipsGone(found.challenge)) {
    await giveClipUp(tx, clipId);
    return;
  }
  await deleteClipAnalysis(tx, clipId);
  await ports.jobs.add(tx, analyseJob(clipId, found.challenge.user_id));
}

/** Adds the job where the clip may be measured. */
export async function askForAnalysis(tx: Tx, clipId: string, ports: Pick<Ports, 'jobs'>): Promise<void> {
  const found = await findMeasurable(tx, clipId);
  if (found !== null) {
    await ports.jobs.add(tx, analyseJob(clipId, found.challenge.user_id));
  }
}

interface Measurable {
  clip: Clip;
  challenge: Challenge;
}

/** The clip where it is ready, its challenge stands, and both the person and the author's choice for it allow measuring. */
async function findMeasurable(db: Ports['db'] | Tx, clipId: string): Promise<Measurable | null> {
  const clip = await findClip(db, clipId);
  const challenge = clip?.status === 'ready' ? await findChallenge(db, clip.challenge_id) : undefined;
  if (clip === undefined || challenge === undefined || challenge.status === 'removed') {
    return null;
  }
  const may = choicesOf(challenge)[clip.segment_index] === true && (await allowsTells(db, challenge.user_id));
  return may ? { clip, challenge } : null;
}

/** True from a day after publishing on: then the clips' own files have been let go. */
export function areClipsGone(challenge: Pick<Challenge, 'published_at' | 'clips_until'>): boolean {
  return challenge.published_at !== null && challenge.clips_until === null;
}

/** For each clip, whether its author lets it be measured. */
export function choicesOf(challenge: Pick<Challenge, 'tell_choices'>): boolean[] {
  return JSON.parse(challenge.tell_choices) as boolean[];
}

async function measure(
  { clip, challenge }: Measurable,
  analysis: Analysis,
  job: RunningJob<'analyse-clip'>,
  ports: AnalysePorts,
): Promise<ClipAnalysis | null> {
  const same = await findSameFile(ports.db, { user_id: challenge.user_id, source_hash: clip.source_hash, model: analysis.model });
  if (same !== null) {
    return same;
  }
  await using folder = await workFolder('analyse-clip', ports);
  const path = await fetchClip(clip, folder.path, ports);
  if (path === null) {
    return null;
  }
  return await analysis.analyse({ path, workDir: folder.path }, job.signal);
}

/** Null where the file has been let go, a day after publishing. */
async function fetchClip(clip: Clip, folder: string, ports: AnalysePorts): Promise<string | null> {
  try {
    return await ports.blobs.fetch(clip.canonical_hash ?? clip.source_hash, folder);
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') {
      return null;
    }
    throw error;
  }
}

async function keep(
  tx: Tx,
  { clip, challenge }: Measurable,
  { model, result }: { model: string; result: ClipAnalysis | null },
  ports: Pick<Ports, 'clock'>,
): Promise<void> {
  const row = { clip_id: clip.id, challenge_id: challenge.id, user_id: challenge.user_id, source_hash: clip.source_hash, model };
  await insertClipAnalysis(tx, { ...row, created_at: timeAt(ports) }, result);
}

/** Once every clip is settled, what they say together; until then nothing. */
async function finish(tx: Tx, challenge: Challenge, analysis: Analysis | null, ports: Pick<Ports, 'events' | 'clock'>): Promise<void> {
  const clips = await listClips(tx, challenge.id);
  const may = { person: true, choices: choicesOf(challenge) };
  const segments = measuredSegments(clips, await listClipAnalyses(tx, challenge.id), may);
  const answer = presentAnalysis(segments);
  await ports.events.add(tx, { type: 'analysis.changed', challenge_id: challenge.id, status: answer.status }, 'guessed');
  if (answer.status !== 'completed' || analysis === null) {
    return;
  }
  const earlier = await earlierClips(tx, { ...challenge, model: analysis.model });
  const tells = analysis.combine(segments.map(resultOf), earlier);
  const signals = tells.segments.map((segment) => segment.signals.map(({ name, unit, difference }) => ({ name, unit, difference })));
  await writeAnalysis(tx, JSON.stringify({ ...answer, tells: { ...tells, record: null } }), {
    challenge_id: challenge.id,
    user_id: challenge.user_id,
    strongest_index: tells.strongest?.segment_index ?? null,
    signals: JSON.stringify(signals),
    // what is combined anew by then is in the record already
    counted: areClipsGone(challenge) ? 1 : 0,
    created_at: timeAt(ports),
  });
}

function resultOf(segment: Measured): ClipAnalysis | null {
  return segment.status === 'done' ? segment.result : null;
}
