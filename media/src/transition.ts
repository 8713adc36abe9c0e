/** What stands between two clips of a merged video. Only its own frames are encoded; they join the copied ones by a parameter set of their own. */
import { join } from 'node:path';
import type { Transition } from '@2t1l/game/challenge';
import { drawCard, fadePicture, fadeSound } from './between.ts';
import { BoxError } from './boxes.ts';
import { type AacConfig, joinAvcConfigs, silentAacFrame } from './codec-config.ts';
import type { Tools } from './ffmpeg.ts';
import { AAC_FRAME, PICTURE_TIMESCALE, timePicture } from './lay-out.ts';
import { type Movie, readMovie, type Track } from './movie.ts';
import { endOfSamples, type Sample, type SampleList } from './samples.ts';
import { type ClipSource, clockOf, type TrackSource, writeMovie } from './write-movie.ts';

/** What a transition is made with. `sound` is what all clips of the merge have. */
export interface TransitionOptions {
  tools: Tools;
  /** A folder that is gone after the merge. */
  workDir: string;
  sound: AacConfig;
  signal?: AbortSignal | undefined;
}

/** How long a transition is. */
export const TRANSITION_SECONDS = 0.4;
const FPS = 30;
/** Sound frames ahead of the first one that is replaced: the first of a file is left out, and each sounds together with the one before it. */
const SOUND_LEAD_FRAMES = 2;

/** The clips as they are to be written; `unfit` are the places of those that have to be encoded whole first. */
export interface Between {
  clips: ClipSource[];
  unfit: number[];
}

/**
 * Puts cards between the clips, or lets each but the last fade into the first picture of the next one. The fade lies in the end of its own
 * segment, so segments stay where they are without it; a card lies between segments. Unfit is a clip whose parameter sets collide with ours,
 * or whose pictures do not all decode. Throws as `mergeClips` does.
 */
export async function addTransitions(
  clips: readonly ClipSource[],
  transition: Exclude<Transition, 'none'>,
  options: TransitionOptions,
): Promise<Between> {
  const between: Between = { clips: [], unfit: [] };
  let ours: Buffer | null = null;
  for (const [index, clip] of clips.entries()) {
    const next = clips[index + 1];
    if (transition === 'fade' && next !== undefined) {
      const picture = await fadeOutPicture(clip, next, index, options);
      between.clips.push(picture === null ? clip : { picture, sound: await fadeOutSound(clip, index, options) });
      ours = picture?.track.config ?? ours;
      between.unfit.push(...(picture === null ? [index] : []));
    } else {
      between.clips.push(clip);
    }
    if (transition === 'card' && next !== undefined) {
      const card = await makeCard(index + 2, next, options);
      between.clips.push(card);
      ours = card.picture.track.config;
    }
  }
  const collides = (clip: ClipSource) => ours !== null && joinAvcConfigs([clip.picture.track.config ?? Buffer.alloc(0), ours]) === null;
  between.unfit.push(...clips.flatMap((clip, index) => (collides(clip) && !between.unfit.includes(index) ? [index] : [])));
  return between;
}

async function makeCard(number: number, { picture }: ClipSource, { tools, workDir, signal }: TransitionOptions): Promise<ClipSource> {
  const output = join(workDir, `card-${number}.mp4`);
  await drawCard(output, { number, seconds: TRANSITION_SECONDS, shape: picture.track, tools, signal });
  const movie = await readMovie(output);
  const track = trackOf(movie, 'video');
  return { picture: { movie, track: { ...track, matrix: picture.track.matrix }, origin_seconds: 0 }, sound: null, is_card: true };
}

/** Where the end of a clip is cut off, to be encoded, as places in its samples. */
interface Cut {
  /** First one, in decoding order, that is replaced; every one before it is shown before it. */
  from: number;
  /** The key frame from which the replaced ones can be decoded. */
  key: number;
}

/** Pure: the latest place before the fade at which the order of decoding and of showing agree. */
export function cutEnd(samples: SampleList, fadeStart: number): Cut {
  const shownFrom: number[] = [];
  let earliest = Number.POSITIVE_INFINITY;
  for (let index = samples.length - 1; index >= 0; index -= 1) {
    earliest = Math.min(earliest, samples[index]?.cts ?? earliest);
    shownFrom[index] = earliest;
  }
  const cut: Cut = { from: 0, key: 0 };
  let shown = Number.NEGATIVE_INFINITY;
  for (const [index, sample] of samples.entries()) {
    if (shown < fadeStart && shown < (shownFrom[index] ?? 0)) {
      cut.from = index;
      cut.key = sample.is_sync && sample.cts === shownFrom[index] ? index : cut.key;
    }
    shown = Math.max(shown, sample.cts);
  }
  return cut;
}

async function fadeOutPicture(clip: ClipSource, next: ClipSource, index: number, options: TransitionOptions): Promise<TrackSource | null> {
  const { movie, track } = clip.picture;
  const { samples, timescale } = track;
  const zero = samples.reduce((least, sample) => Math.min(least, sample.cts), Number.POSITIVE_INFINITY);
  const end = zero + (timePicture(clockOf(clip)).duration / PICTURE_TIMESCALE) * timescale;
  const fadeStart = end - TRANSITION_SECONDS * timescale;
  const { from, key } = cutEnd(samples, fadeStart);
  const times = heldTimes(samples.slice(from), { fadeStart, end, timescale });
  const name = (part: string) => join(options.workDir, `fade-${index}-${part}.mp4`);
  await writePictures(clip.picture, samples.slice(key), name('end'), options);
  await writePictures(next.picture, next.picture.track.samples.slice(0, 1), name('next'), options);
  const run = {
    input: name('end'),
    next: name('next'),
    output: name('picture'),
    skip: from - key,
    frames: times.length,
    replaced: samples.length - from,
    blended: times.filter((time) => time >= fadeStart).length,
    fps: FPS,
    shape: track,
  };
  await fadePicture(run, options);
  const encoded = await readMovie(run.output);
  const fresh = trackOf(encoded, 'video');
  const config = track.config === null || fresh.config === null ? null : joinAvcConfigs([track.config, fresh.config]);
  if (config === null || fresh.samples.length !== times.length) {
    return null;
  }
  const decoding = samples.slice(from);
  const last = decoding.at(-1);
  const faded = fresh.samples.map((sample, place): Sample => {
    const cts = times[place] ?? end;
    const original = decoding[place];
    // pictures that were added come in the order they are shown
    const dts = original?.dts ?? (last?.dts ?? 0) + cts - (times[decoding.length - 1] ?? 0);
    const duration = place === times.length - 1 && place >= decoding.length ? Math.round(end - cts) : (original?.duration ?? 0);
    return { ...sample, offset: movie.size_bytes + sample.offset, dts, cts, duration };
  });
  return { ...clip.picture, track: { ...track, config, samples: [...samples.slice(0, from), ...faded] }, tail: run.output };
}

/** When the pictures of the end are shown: as they were, and on to the end where the last one is held under longer sound. */
function heldTimes(replaced: SampleList, { fadeStart, end, timescale }: { fadeStart: number; end: number; timescale: number }): number[] {
  const times = replaced.map((sample) => sample.cts).toSorted((a, b) => a - b);
  const step = timescale / FPS;
  const last = times.at(-1) ?? 0;
  if (end - last > 3 * step) {
    for (let time = Math.max(fadeStart, last + step); time < end - step / 2; time += step) {
      times.push(Math.ceil(time));
    }
  }
  return times;
}

async function writePictures(source: TrackSource, samples: SampleList, output: string, options: TransitionOptions): Promise<void> {
  const picture = alone(source, samples);
  const avcc = source.track.config;
  if (avcc === null) {
    throw new BoxError('damaged', 'a clip without parameter sets');
  }
  await writeMovie([{ picture, sound: null }], output, { avcc, sound: options.sound, workDir: options.workDir, signal: options.signal });
}

/** Some samples of a track, moved so that the first one shown is at 0. */
function alone({ movie, track }: TrackSource, samples: SampleList): TrackSource {
  const first = samples.reduce((least, sample) => Math.min(least, sample.cts), Number.POSITIVE_INFINITY);
  return { movie, track: { ...track, edits: [], samples }, origin_seconds: first / track.timescale };
}

/** The sound, going to nothing by the end of the segment; the frames before are the clip's own. */
async function fadeOutSound(clip: ClipSource, index: number, options: TransitionOptions): Promise<TrackSource | null> {
  const { sound, picture } = clip;
  const heard = clockOf(clip).sound;
  const first = sound?.track.samples[0];
  const avcc = picture.track.config;
  if (sound === null || heard === null || first === undefined || avcc === null) {
    return sound;
  }
  const { rate } = options.sound;
  const { duration, zero_seconds } = timePicture(clockOf(clip));
  const began = first.dts / heard.timescale + heard.shift_seconds - zero_seconds;
  // in samples of the sound, from the beginning of its first frame
  const end = Math.round((duration / PICTURE_TIMESCALE - began) * rate);
  const start = end - Math.round(TRANSITION_SECONDS * rate);
  const from = Math.max(0, Math.floor(start / AAC_FRAME));
  const until = Math.min(sound.track.samples.length, Math.ceil(end / AAC_FRAME) + 1);
  const base = Math.max(0, from - SOUND_LEAD_FRAMES);
  if (from >= until) {
    return sound;
  }
  const name = (part: string) => join(options.workDir, `fade-${index}-${part}.mp4`);
  // one picture, because the file needs some; the sound outlasts it and is written whole
  const pictures = alone(picture, picture.track.samples.slice(0, 1));
  const frames = alone(sound, sound.track.samples.slice(base, until + 2));
  const shares = { sound: options.sound, workDir: options.workDir, signal: options.signal };
  await writeMovie([{ picture: pictures, sound: frames }], name('heard'), { avcc, ...shares });
  const run = { input: name('heard'), output: name('sound'), start: start - base * AAC_FRAME, length: end - start, sound: options.sound };
  await fadeSound(run, options);
  const fresh = trackOf(await readMovie(run.output), 'sound').samples;
  const samples = sound.track.samples.map((sample, place): Sample => {
    if (place < from) {
      return sample;
    }
    // the encoder puts one frame in front, with nothing in it yet
    const encoded = place < until ? fresh[place - base + 1] : undefined;
    return encoded === undefined
      ? { ...sample, offset: -1, size: silentAacFrame(options.sound.channels).length }
      : { ...sample, offset: sound.movie.size_bytes + encoded.offset, size: encoded.size };
  });
  return { ...sound, track: { ...sound.track, samples }, tail: run.output };
}

function trackOf(movie: Movie, kind: Track['kind']): Track {
  const track = movie.tracks.find((candidate) => candidate.kind === kind);
  if (track === undefined || endOfSamples(track.samples) === 0) {
    throw new BoxError('damaged', `an encode without ${kind}`);
  }
  return track;
}
