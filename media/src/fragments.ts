/** Movie fragments (ISO/IEC 14496-12, 8.8), as MediaRecorder and Safari write them. */
import { type Box, BoxError, boxesIn, Fields, find } from './boxes.ts';
import type { Sample, SampleBudget } from './samples.ts';

/** What a `trex` says of samples that say nothing themselves. */
export interface FragmentDefaults {
  duration: number;
  size: number;
  flags: number;
}

interface FragmentTrack {
  id: number;
  samples: Sample[];
}

const NO_DEFAULTS: FragmentDefaults = { duration: 0, size: 0, flags: 0 };
const SAMPLE_IS_NON_SYNC = 0x10000;

/** The defaults of each track by its id; empty where the file has no `mvex`. */
export function readFragmentDefaults(bytes: Buffer, mvex: Box | undefined): Map<number, FragmentDefaults> {
  const defaults = new Map<number, FragmentDefaults>();
  for (const box of mvex === undefined ? [] : boxesIn(bytes, mvex.start, mvex.end)) {
    if (box.type === 'trex') {
      const fields = new Fields(bytes, box);
      fields.skip(4);
      const id = fields.u32();
      fields.skip(4);
      defaults.set(id, { duration: fields.u32(), size: fields.u32(), flags: fields.u32() });
    }
  }
  return defaults;
}

/** Appends the samples of one `moof` (its payload in `bytes`, its header at `moofOffset` of the file) to their tracks. */
export function readFragment(
  bytes: Buffer,
  moofOffset: number,
  tracks: readonly FragmentTrack[],
  defaults: ReadonlyMap<number, FragmentDefaults>,
  budget: SampleBudget,
): void {
  let dataEnd = moofOffset;
  for (const traf of boxesIn(bytes, 0, bytes.length).filter((box) => box.type === 'traf')) {
    const boxes = boxesIn(bytes, traf.start, traf.end);
    const header = readHeader(bytes, boxes, defaults);
    const track = tracks.find((candidate) => candidate.id === header.id);
    if (track === undefined) {
      throw new BoxError('damaged', 'a fragment of an unknown track');
    }
    // without a base of its own the first track starts at the moof, each further one where the last ended
    const base = header.base ?? (header.baseIsMoof ? moofOffset : dataEnd);
    dataEnd = readRuns(bytes, boxes, { track, header, base, budget });
  }
}

interface Header extends FragmentDefaults {
  id: number;
  base: number | null;
  baseIsMoof: boolean;
}

function readHeader(bytes: Buffer, boxes: readonly Box[], defaults: ReadonlyMap<number, FragmentDefaults>): Header {
  const tfhd = find(boxes, 'tfhd');
  if (tfhd === undefined) {
    throw new BoxError('damaged', 'no tfhd');
  }
  const fields = new Fields(bytes, tfhd);
  const flags = fields.u32() & 0xffffff;
  const id = fields.u32();
  const known = defaults.get(id) ?? NO_DEFAULTS;
  const base = flags & 0x1 ? fields.u64() : null;
  if (flags & 0x2) {
    fields.skip(4);
  }
  return {
    id,
    base,
    baseIsMoof: (flags & 0x20000) !== 0,
    duration: flags & 0x8 ? fields.u32() : known.duration,
    size: flags & 0x10 ? fields.u32() : known.size,
    flags: flags & 0x20 ? fields.u32() : known.flags,
  };
}

interface RunContext {
  track: FragmentTrack;
  header: Header;
  base: number;
  budget: SampleBudget;
}

/** Reads every `trun`; returns where the data of the last one ends. */
function readRuns(bytes: Buffer, boxes: readonly Box[], { track, header, base, budget }: RunContext): number {
  const runs = boxes.filter((box) => box.type === 'trun');
  // Chromium's recorder ends with a fragment that names a track it has nothing more of, at time 0.
  if (runs.every((trun) => countOf(bytes, trun) === 0)) {
    return base;
  }
  const last = track.samples.at(-1);
  let dts = readStart(bytes, boxes) ?? (last === undefined ? 0 : last.dts + last.duration);
  if (last !== undefined && dts < last.dts) {
    throw new BoxError('damaged', 'a fragment that goes back in time');
  }
  // a gap between fragments belongs to the sample before it
  if (last !== undefined) {
    last.duration = dts - last.dts;
  }
  let offset = base;
  for (const trun of runs) {
    const fields = new Fields(bytes, trun);
    const versionAndFlags = fields.u32();
    const flags = versionAndFlags & 0xffffff;
    const count = fields.u32();
    budget.take(count);
    if (flags & 0x1) {
      offset = base + fields.i32();
    }
    const firstFlags = flags & 0x4 ? fields.u32() : null;
    for (let index = 0; index < count; index += 1) {
      const duration = flags & 0x100 ? fields.u32() : header.duration;
      const size = flags & 0x200 ? fields.u32() : header.size;
      const ownFlags = flags & 0x400 ? fields.u32() : header.flags;
      const shift = flags & 0x800 ? fields.i32() : 0;
      const sampleFlags = index === 0 && firstFlags !== null ? firstFlags : ownFlags;
      if (offset < 0) {
        throw new BoxError('damaged', 'a sample before the file');
      }
      track.samples.push({ offset, size, dts, cts: dts + shift, duration, is_sync: (sampleFlags & SAMPLE_IS_NON_SYNC) === 0 });
      offset += size;
      dts += duration;
    }
  }
  return offset;
}

function countOf(bytes: Buffer, trun: Box): number {
  const fields = new Fields(bytes, trun);
  fields.skip(4);
  return fields.u32();
}

function readStart(bytes: Buffer, boxes: readonly Box[]): number | null {
  const tfdt = find(boxes, 'tfdt');
  if (tfdt === undefined) {
    return null;
  }
  const fields = new Fields(bytes, tfdt);
  const version = fields.u8();
  fields.skip(3);
  return version === 1 ? fields.u64() : fields.u32();
}
