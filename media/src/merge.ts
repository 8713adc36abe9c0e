/** Three canonical clips in, one video out: copied wherever they match, encoded only where they do not. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segment, Transition } from '@2t1l/game/challenge';
import { CANVAS_HEIGHT, CANVAS_WIDTH } from '@2t1l/game/limits';
import { BoxError } from './boxes.ts';
import { type ClipFacts, checkClip } from './check.ts';
import { type AacConfig, readAacConfig, silentAacFrame } from './codec-config.ts';
import type { Preset } from './encode.ts';
import type { Tools } from './ffmpeg.ts';
import { FfmpegError, translateError } from './ffmpeg-errors.ts';
import { type Movie, readMovie, type Track } from './movie.ts';
import { type ClipPlan, commonAvcConfig, encodeToo, type MergeClip, type MergePlan, planMerge } from './plan-merge.ts';
import { originOf, spanOf } from './timing.ts';
import { encodePicture, encodeSound, type Transcode } from './transcode.ts';
import { addTransitions } from './transition.ts';
import { makeWorkDir } from './work-dir.ts';
import { type ClipSource, type TrackSource, writeMovie } from './write-movie.ts';

/** What a merge needs and tells. `workDir` should be on the same disk as the output; it is made if it is missing. */
export interface MergeOptions {
  tools: Tools;
  workDir: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
  /** Speed of an encode where one is needed; `ultrafast` if not said. */
  preset?: Preset;
  /** `none` if not said. */
  transition?: Transition;
}

/** The merged video: segments in seconds from its start, first at 0, last at the end, no gap but for cards. */
export interface Merged {
  segments: Segment[];
  duration_seconds: number;
  width: typeof CANVAS_WIDTH;
  height: typeof CANVAS_HEIGHT;
  plan: MergePlan;
}

/** A second round is needed only where an older encode of ours has other parameter sets than today's. */
const ROUNDS_MAX = 3;
/** An encode has stretches that keep one core alone; two side by side fill two, in twice the memory. */
const REDONE_AT_ONCE = 2;

/**
 * Merges clips that `canonicalise` has seen (three in the game; any number works) into `output`, whole or not at all.
 * The same clips give the same bytes. Throws BoxError for a file that is no readable clip, FfmpegError, TimeLimitError, DiskFullError, ToolMissingError, ToolBusyError,
 * or the abort's reason; whatever happens, only files in `workDir` can be left, and only by a crash.
 */
export async function mergeClips(inputs: readonly string[], output: string, options: MergeOptions): Promise<Merged> {
  const workDir = await makeWorkDir(options.workDir, 'merge-');
  try {
    options.signal?.throwIfAborted();
    const read = await Promise.all(inputs.map(readClip));
    const { clips, sound, plan } = await joinClips(read, planMerge(read.map(describeClip)), workDir, options);
    const avcc = commonAvcConfig(clips.map(describeClip));
    if (avcc === null) {
      throw new BoxError('damaged', 'clips that were to be copied do not fit together');
    }
    const shares = { workDir, signal: options.signal, onProgress: options.onProgress };
    const segments = await writeMovie(clips, output, { avcc, sound, ...shares });
    const duration = segments.at(-1)?.end_seconds ?? 0;
    return { segments, duration_seconds: duration, width: CANVAS_WIDTH, height: CANVAS_HEIGHT, plan };
  } catch (error) {
    throw translateError(error);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

interface Joined {
  clips: readonly ClipSource[];
  sound: AacConfig;
  plan: MergePlan;
}

/** Clips that can be copied one after another, with what stands between them. */
async function joinClips(read: readonly ClipSource[], plan: MergePlan, workDir: string, options: MergeOptions): Promise<Joined> {
  const { transition = 'none' } = options;
  const folder = await mkdtemp(join(workDir, 'join-'));
  const { clips, sound } = await makeAlike(read, plan, folder, options);
  if (transition === 'none') {
    return { clips, sound, plan };
  }
  const between = await addTransitions(clips, transition, { tools: options.tools, workDir: folder, sound, signal: options.signal });
  if (between.unfit.length === 0) {
    return { clips: between.clips, sound, plan };
  }
  if (between.unfit.every((index) => plan.clips[index]?.picture === 'encode')) {
    throw new FfmpegError('our own encodes do not take a transition', null, null, []);
  }
  return await joinClips(read, encodeToo(plan, between.unfit), workDir, options);
}

async function makeAlike(
  read: readonly ClipSource[],
  plan: MergePlan,
  workDir: string,
  options: MergeOptions,
): Promise<Pick<Joined, 'clips' | 'sound'>> {
  let clips = read;
  let current = plan;
  for (let round = 0; current.kind !== 'copy'; round += 1) {
    if (round === ROUNDS_MAX) {
      throw new FfmpegError(
        'the clips do not become alike',
        null,
        null,
        current.clips.flatMap((clip) => clip.reasons),
      );
    }
    clips = await redoClips(clips, current, join(workDir, String(round)), options);
    current = planMerge(clips.map(describeClip));
  }
  return { clips, sound: current.sound };
}

/** What a merge reads of a clip: its tables, and on which clock they run. Throws a BoxError for a file that is no MP4 with pictures. */
export async function readClip(path: string): Promise<ClipSource> {
  const movie = await readMovie(path);
  const picture = movie.tracks.find((track) => track.kind === 'video');
  if (picture === undefined || picture.samples.length === 0) {
    throw new BoxError('damaged', 'a clip without pictures');
  }
  const sound = movie.tracks.find((track) => track.kind === 'sound' && track.samples.length > 0 && !isSilent(track));
  const origin = originOf([spanOf(movie, picture), sound === undefined ? null : spanOf(movie, sound)]);
  const source = (track: Track): TrackSource => ({ movie, track, origin_seconds: origin });
  return { picture: source(picture), sound: sound === undefined ? null : source(sound) };
}

/** True for a track of silent frames only: it can follow any other sound without being encoded. */
function isSilent(track: Track): boolean {
  const config = track.config === null ? null : readAacConfig(track.config);
  return config !== null && track.samples.every((sample) => sample.size === silentAacFrame(config.channels).length);
}

/** What the plan of a merge depends on. */
export function describeClip({ picture, sound }: ClipSource): MergeClip {
  const { track, movie } = picture;
  const span = spanOf(movie, track);
  return {
    codec: track.codec,
    width: track.width,
    height: track.height,
    matrix: track.matrix,
    avcc: track.config,
    // a sound that is no AAC-LC reads as an empty config, which nothing matches
    asc: sound === null ? null : (sound.track.config ?? new Uint8Array()),
    duration_seconds: span === null ? 0 : span.end_seconds - span.start_seconds,
  };
}

/** Where one fails the others end too, and all have ended before this does: nobody writes into a folder that is being removed. */
async function redoClips(clips: readonly ClipSource[], plan: MergePlan, workDir: string, options: MergeOptions): Promise<ClipSource[]> {
  await mkdir(workDir);
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const shares = clips.map(() => 0);
  const done = [...clips];
  const waiting = [...clips.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, clip] = next;
      const onProgress = (fraction: number) => {
        shares[index] = fraction;
        options.onProgress?.((0.95 * shares.reduce((sum, share) => sum + share, 0)) / clips.length);
      };
      const output = join(workDir, String(index));
      done[index] = await redoClip({
        clip,
        plan: plan.clips[index],
        sound: plan.sound,
        output,
        options: { ...options, signal, onProgress },
      });
    }
  };
  // the others are told the reason and end with it themselves
  const hands = Array.from({ length: REDONE_AT_ONCE }, () => work().catch((error: unknown) => failed.abort(error)));
  await Promise.all(hands);
  failed.signal.throwIfAborted();
  return done;
}

interface Redo {
  clip: ClipSource;
  plan: ClipPlan | undefined;
  sound: AacConfig;
  output: string;
  options: MergeOptions;
}

async function redoClip({ clip, plan, sound, output, options }: Redo): Promise<ClipSource> {
  if (plan === undefined || (plan.picture === 'copy' && plan.sound !== 'encode')) {
    return clip;
  }
  const redone = { ...clip };
  if (plan.picture === 'encode') {
    const run = await prepare(clip.picture, `${output}-picture.mp4`, options);
    await encodePicture({ ...run, onProgress: options.onProgress }, options.preset ?? 'ultrafast');
    redone.picture = await readTrack(run.output, 'video');
  }
  if (plan.sound === 'encode' && clip.sound !== null) {
    const run = await prepare(clip.sound, `${output}-sound.mp4`, options);
    await encodeSound(run, sound);
    redone.sound = await readTrack(run.output, 'sound');
  }
  return redone;
}

async function prepare(source: TrackSource, output: string, { tools, signal }: MergeOptions): Promise<Transcode> {
  const input = source.movie.path;
  return { input, output, tools, signal, facts: await factsOf(input, source, { tools, signal }) };
}

/** The encode needs to know what ffprobe sees, and decodes with `-xerror` itself; a clip whose tables no longer pass is beyond merging. */
async function factsOf(path: string, source: TrackSource, options: { tools: Tools; signal: AbortSignal | undefined }): Promise<ClipFacts> {
  const check = await checkClip(path, { ...options, hasPassed: true });
  if (check.outcome === 'refused') {
    throw new BoxError('damaged', `a clip to be merged is refused: ${check.reasons.join(', ')}`);
  }
  return { ...check.facts, origin_seconds: source.origin_seconds };
}

async function readTrack(path: string, kind: 'video' | 'sound'): Promise<TrackSource> {
  const movie: Movie = await readMovie(path);
  const track = movie.tracks.find((candidate) => candidate.kind === kind);
  if (track === undefined) {
    throw new BoxError('damaged', `an encode without ${kind}`);
  }
  return { movie, track, origin_seconds: 0 };
}
