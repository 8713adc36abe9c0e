/** Turns the compressed tables of a track (`stts`, `ctts`, `stsc`, `stsz`, `stco`, `stss`) into one line a sample. */
import { type Box, BoxError, Fields, find } from './boxes.ts';

/** One sample: where it lies in its file, when it is decoded, when it is shown, both in track units. */
export interface Sample {
  offset: number;
  size: number;
  dts: number;
  cts: number;
  duration: number;
  is_sync: boolean;
}

export type SampleList = Sample[];

/**
 * When the last picture's time is over, in track units; 0 without samples. Durations belong to decoding: a pause between two pictures
 * may stand at a sample that is shown much later, so only the last one decoded says how long the last one shown lasts.
 */
export function endOfSamples(samples: readonly Sample[]): number {
  return samples.reduce((last, sample) => Math.max(last, sample.cts), 0) + (samples.at(-1)?.duration ?? 0);
}

/** 61 s at 240 pictures and 94 sound frames a second need 21,000. */
const SAMPLES_MAX = 250_000;

/** Counts the samples of one file, so that a few bytes cannot claim billions. */
export class SampleBudget {
  #left = SAMPLES_MAX;

  /** Throws a BoxError when the file claims more samples than a clip can have. */
  take(count: number): void {
    this.#left -= count;
    if (this.#left < 0) {
      throw new BoxError('damaged', 'more samples than a clip can have');
    }
  }
}

/** The samples of one track. Empty for a track whose samples come in fragments. Throws a BoxError where the tables disagree. */
export function readSampleTable(bytes: Buffer, stbl: readonly Box[], budget: SampleBudget): SampleList {
  const sizes = readSizes(bytes, stbl, budget);
  if (sizes.length === 0) {
    return [];
  }
  const offsets = readOffsets(bytes, stbl, sizes);
  const shifts = readShifts(bytes, find(stbl, 'ctts'), sizes.length);
  const sync = readSync(bytes, find(stbl, 'stss'), sizes.length);
  let dts = 0;
  const durations = readDurations(bytes, find(stbl, 'stts'), sizes.length);
  return sizes.map((size, index) => {
    const duration = durations[index] ?? 0;
    const sample: Sample = {
      offset: offsets[index] ?? 0,
      size,
      dts,
      cts: dts + (shifts?.[index] ?? 0),
      duration,
      is_sync: sync?.has(index + 1) ?? true,
    };
    dts += duration;
    return sample;
  });
}

/**
 * The table of a sound whose every frame is a sample of its own, one tick long and as large as the others: one line a chunk, since a minute has
 * millions of frames. Null for any other table. Throws as `readSampleTable` does.
 */
export function readPcmTable(bytes: Buffer, stbl: readonly Box[], budget: SampleBudget): SampleList | null {
  const [stsz, stts] = [find(stbl, 'stsz'), find(stbl, 'stts')];
  if (stsz === undefined || stts === undefined || find(stbl, 'ctts') !== undefined) {
    return null;
  }
  const [sizes, durations] = [new Fields(bytes, stsz), new Fields(bytes, stts)];
  sizes.skip(4);
  const [size, count] = [sizes.u32(), sizes.u32()];
  durations.skip(4);
  const isEven = size > 0 && count > 0 && durations.u32() === 1 && durations.u32() >= count && durations.u32() === 1;
  if (!isEven) {
    return null;
  }
  const samples: SampleList = [];
  let dts = 0;
  for (const chunk of readChunks(bytes, stbl)) {
    const duration = Math.min(chunk.samples, count - dts);
    if (duration > 0) {
      budget.take(1);
      samples.push({ offset: chunk.offset, size: duration * size, dts, cts: dts, duration, is_sync: true });
      dts += duration;
    }
  }
  if (dts < count) {
    throw new BoxError('damaged', 'fewer places than samples');
  }
  return samples;
}

function readSizes(bytes: Buffer, stbl: readonly Box[], budget: SampleBudget): number[] {
  const stsz = find(stbl, 'stsz');
  const stz2 = find(stbl, 'stz2');
  const box = stsz ?? stz2;
  if (box === undefined) {
    return [];
  }
  const fields = new Fields(bytes, box);
  fields.skip(4);
  const fixed = stsz === undefined ? 0 : fields.u32();
  const bits = stsz === undefined ? fields.u32() & 0xff : 32;
  const count = fields.u32();
  budget.take(count);
  if (fixed !== 0) {
    return Array.from({ length: count }, () => fixed);
  }
  if (bits !== 8 && bits !== 16 && bits !== 32) {
    throw new BoxError('damaged', 'sizes of an unknown width');
  }
  if (count * (bits / 8) > fields.left) {
    throw new BoxError('damaged', 'fewer sizes than samples');
  }
  return Array.from({ length: count }, () => (bits === 32 ? fields.u32() : bits === 16 ? fields.u16() : fields.u8()));
}

function readDurations(bytes: Buffer, stts: Box | undefined, count: number): number[] {
  const durations = readRuns(bytes, stts, count, (fields) => fields.u32());
  if (durations.length < count) {
    throw new BoxError('damaged', 'fewer durations than samples');
  }
  return durations;
}

function readShifts(bytes: Buffer, ctts: Box | undefined, count: number): number[] | null {
  // version 0 calls it unsigned, and recorders write negative numbers all the same
  return ctts === undefined ? null : readRuns(bytes, ctts, count, (fields) => fields.i32());
}

/** `stts` and `ctts` are runs: so many samples, this value. */
function readRuns(bytes: Buffer, box: Box | undefined, count: number, readValue: (fields: Fields) => number): number[] {
  if (box === undefined) {
    return [];
  }
  const fields = new Fields(bytes, box);
  fields.skip(4);
  const runs = fields.u32();
  const values: number[] = [];
  for (let run = 0; run < runs && values.length < count; run += 1) {
    const length = Math.min(fields.u32(), count - values.length);
    const value = readValue(fields);
    for (let index = 0; index < length; index += 1) {
      values.push(value);
    }
  }
  return values;
}

function readOffsets(bytes: Buffer, stbl: readonly Box[], sizes: readonly number[]): number[] {
  const offsets: number[] = [];
  for (const chunk of readChunks(bytes, stbl)) {
    let { offset } = chunk;
    const end = Math.min(sizes.length, offsets.length + chunk.samples);
    while (offsets.length < end) {
      const size = sizes[offsets.length] ?? 0;
      offsets.push(offset);
      offset += size;
    }
  }
  if (offsets.length < sizes.length) {
    throw new BoxError('damaged', 'fewer places than samples');
  }
  return offsets;
}

/** Where each chunk lies and how many samples it holds; the last may claim more than there are. */
function readChunks(bytes: Buffer, stbl: readonly Box[]): { offset: number; samples: number }[] {
  const offsets = readChunkOffsets(bytes, stbl);
  const stsc = find(stbl, 'stsc');
  if (stsc === undefined) {
    throw new BoxError('damaged', 'no stsc');
  }
  const fields = new Fields(bytes, stsc);
  fields.skip(4);
  const runs = fields.u32();
  if (runs * 12 > fields.left) {
    throw new BoxError('damaged', 'stsc is cut off');
  }
  const firsts = Array.from({ length: runs }, () => {
    const run = { first: fields.u32(), samples: fields.u32() };
    fields.skip(4);
    return run;
  });
  let run = 0;
  return offsets.map((offset, chunk) => {
    while ((firsts[run + 1]?.first ?? Number.POSITIVE_INFINITY) <= chunk + 1) {
      run += 1;
    }
    return { offset, samples: firsts[run]?.samples ?? 0 };
  });
}

function readChunkOffsets(bytes: Buffer, stbl: readonly Box[]): number[] {
  const stco = find(stbl, 'stco');
  const co64 = find(stbl, 'co64');
  const box = stco ?? co64;
  if (box === undefined) {
    throw new BoxError('damaged', 'no stco');
  }
  const fields = new Fields(bytes, box);
  fields.skip(4);
  const count = fields.u32();
  if (count * (stco === undefined ? 8 : 4) > fields.left) {
    throw new BoxError('damaged', 'stco is cut off');
  }
  return Array.from({ length: count }, () => (stco === undefined ? fields.u64() : fields.u32()));
}

function readSync(bytes: Buffer, stss: Box | undefined, count: number): Set<number> | null {
  if (stss === undefined) {
    return null;
  }
  const fields = new Fields(bytes, stss);
  fields.skip(4);
  const entries = fields.u32();
  if (entries > count || entries * 4 > fields.left) {
    throw new BoxError('damaged', 'more sync samples than samples');
  }
  return new Set(Array.from({ length: entries }, () => fields.u32()));
}
