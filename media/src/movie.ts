/** Reads what an MP4 or QuickTime file says of its tracks: `moov`, and `moof` where it was recorded in fragments. Never the samples themselves. */
import { type FileHandle, open } from 'node:fs/promises';
import { type Box, BoxError, boxesIn, Fields, find, scanFile } from './boxes.ts';
import { type FragmentDefaults, readFragment, readFragmentDefaults } from './fragments.ts';
import { readPcmTable, readSampleTable, SampleBudget, type SampleList } from './samples.ts';

/** One track with everything needed to copy its samples. Times of samples are in units of `timescale`. */
export interface Track {
  id: number;
  kind: 'video' | 'sound' | 'other';
  /** Four letters of the first sample entry: avc1, hvc1, vp09, mp4a, Opus. */
  codec: string;
  /** Number of sample entries; more than one means that the decoder is set up anew midway. */
  entries: number;
  timescale: number;
  /** As coded, before the matrix. 0 for sound. */
  width: number;
  height: number;
  /** The nine numbers of `tkhd`, 16.16 and 2.30 fixed point. */
  matrix: readonly number[];
  /** `avcC` payload for H.264, AudioSpecificConfig for AAC, else null. */
  config: Buffer | null;
  edits: readonly Edit[];
  samples: SampleList;
}

/** One line of an edit list: `duration` in movie units, `media_time` in track units (-1 shows nothing). */
export interface Edit {
  duration: number;
  media_time: number;
  rate: number;
}

/** The tables of one file. */
export interface Movie {
  path: string;
  size_bytes: number;
  /** Units a second of edit durations. */
  timescale: number;
  tracks: readonly Track[];
  is_fragmented: boolean;
}

/** A minute of two tracks needs less than 1 MiB. */
const MOOV_MAX_BYTES = 16 * 1024 ** 2;
const MOOF_MAX_BYTES = 4 * 1024 ** 2;
const TRACKS_MAX = 16;
/** Recorders write one or two; a pause adds one. Each may send a decoder through all pictures once more. */
const EDITS_MAX = 256;

/** Reads the tables of the file at `path`. Throws a BoxError where they are cut off or contradict the file. */
export async function readMovie(path: string): Promise<Movie> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const top = await scanFile(handle, size);
    const moov = top.find((box) => box.type === 'moov');
    if (moov === undefined) {
      throw new BoxError('incomplete', 'no moov');
    }
    const movie = readMoov(await readPayload(handle, moov, MOOV_MAX_BYTES));
    const fragments = top.filter((box) => box.type === 'moof');
    const budget = movie.budget;
    for (const moof of fragments) {
      readFragment(await readPayload(handle, moof, MOOF_MAX_BYTES), moof.offset, movie.tracks, movie.defaults, budget);
    }
    assertInside(movie.tracks, size);
    return { path, size_bytes: size, timescale: movie.timescale, tracks: movie.tracks, is_fragmented: fragments.length > 0 };
  } finally {
    await handle.close();
  }
}

interface Moov {
  timescale: number;
  tracks: Track[];
  defaults: Map<number, FragmentDefaults>;
  budget: SampleBudget;
}

function readMoov(bytes: Buffer): Moov {
  const boxes = boxesIn(bytes, 0, bytes.length);
  const budget = new SampleBudget();
  const traks = boxes.filter((box) => box.type === 'trak');
  if (traks.length > TRACKS_MAX) {
    throw new BoxError('damaged', 'too many tracks');
  }
  return {
    timescale: readTimescale(bytes, required(boxes, 'mvhd')),
    tracks: traks.map((trak) => readTrack(bytes, trak, budget)),
    defaults: readFragmentDefaults(bytes, find(boxes, 'mvex')),
    budget,
  };
}

function readTrack(bytes: Buffer, trak: Box, budget: SampleBudget): Track {
  const boxes = children(bytes, trak);
  const mdia = children(bytes, required(boxes, 'mdia'));
  const minf = children(bytes, required(mdia, 'minf'));
  const stbl = children(bytes, required(minf, 'stbl'));
  const kind = readKind(bytes, required(mdia, 'hdlr'));
  const entry = readSampleEntry(bytes, required(stbl, 'stsd'), kind);
  return {
    ...readHeader(bytes, required(boxes, 'tkhd')),
    kind,
    timescale: readTimescale(bytes, required(mdia, 'mdhd')),
    ...entry,
    edits: readEdits(bytes, boxes),
    samples:
      kind === 'other' ? [] : ((kind === 'sound' ? readPcmTable(bytes, stbl, budget) : null) ?? readSampleTable(bytes, stbl, budget)),
  };
}

function readKind(bytes: Buffer, hdlr: Box): Track['kind'] {
  const fields = new Fields(bytes, hdlr);
  fields.skip(8);
  const handler = fields.fourcc();
  return handler === 'vide' ? 'video' : handler === 'soun' ? 'sound' : 'other';
}

/** `mvhd` and `mdhd` begin alike: version, times of 4 or 8 bytes, timescale. */
function readTimescale(bytes: Buffer, box: Box): number {
  const fields = new Fields(bytes, box);
  const version = fields.u8();
  fields.skip(3 + (version === 1 ? 16 : 8));
  const timescale = fields.u32();
  if (timescale === 0) {
    throw new BoxError('damaged', 'a timescale of 0');
  }
  return timescale;
}

function readHeader(bytes: Buffer, tkhd: Box): { id: number; matrix: number[] } {
  const fields = new Fields(bytes, tkhd);
  const version = fields.u8();
  fields.skip(3 + (version === 1 ? 16 : 8));
  const id = fields.u32();
  fields.skip(4 + (version === 1 ? 8 : 4) + 16);
  return { id, matrix: Array.from({ length: 9 }, () => fields.i32()) };
}

function readEdits(bytes: Buffer, boxes: readonly Box[]): Edit[] {
  const edts = find(boxes, 'edts');
  const elst = edts === undefined ? undefined : find(children(bytes, edts), 'elst');
  if (elst === undefined) {
    return [];
  }
  const fields = new Fields(bytes, elst);
  const version = fields.u8();
  fields.skip(3);
  const count = fields.u32();
  if (count > EDITS_MAX || count * (version === 1 ? 20 : 12) > fields.left) {
    throw new BoxError('damaged', 'an edit list longer than its box or than any clip needs');
  }
  return Array.from({ length: count }, () => ({
    duration: version === 1 ? fields.u64() : fields.u32(),
    media_time: version === 1 ? fields.i64() : fields.i32(),
    rate: fields.i32() / 65536,
  }));
}

type Entry = Pick<Track, 'codec' | 'entries' | 'width' | 'height' | 'config'>;

function readSampleEntry(bytes: Buffer, stsd: Box, kind: Track['kind']): Entry {
  const entries = boxesIn(bytes, stsd.start + 8, stsd.end);
  const entry = entries[0];
  const fallback: Entry = { codec: entry?.type ?? '', entries: entries.length, width: 0, height: 0, config: null };
  if (entry === undefined || kind === 'other') {
    return fallback;
  }
  const fields = new Fields(bytes, entry);
  if (kind === 'video') {
    fields.skip(24);
    const [width, height] = [fields.u16(), fields.u16()];
    const avcC = find(entry.end - entry.start > 78 ? boxesIn(bytes, entry.start + 78, entry.end) : [], 'avcC');
    return { ...fallback, width, height, config: avcC === undefined ? null : Buffer.from(bytes.subarray(avcC.start, avcC.end)) };
  }
  fields.skip(8);
  // QuickTime's second version of a sound entry has 16 bytes more, its third another shape altogether
  const version = fields.u16();
  if (entry.type !== 'mp4a' || version > 1) {
    return fallback;
  }
  const inner = boxesIn(bytes, Math.min(entry.end, entry.start + 28 + version * 16), entry.end);
  const wave = find(inner, 'wave');
  const esds = find(inner, 'esds') ?? (wave === undefined ? undefined : find(children(bytes, wave), 'esds'));
  return { ...fallback, config: esds === undefined ? null : readEsds(bytes, esds) };
}

/** The DecoderSpecificInfo inside an `esds` (ISO/IEC 14496-1, 7.2.6); null where there is none. */
function readEsds(bytes: Buffer, esds: Box): Buffer | null {
  const fields = new Fields(bytes, esds);
  fields.skip(4);
  const descriptor = (): { tag: number; length: number } => {
    const tag = fields.u8();
    let length = 0;
    for (let index = 0; index < 4; index += 1) {
      const byte = fields.u8();
      length = length * 128 + (byte & 0x7f);
      if (byte < 0x80) {
        break;
      }
    }
    return { tag, length };
  };
  if (descriptor().tag !== 3) {
    return null;
  }
  fields.skip(2);
  const flags = fields.u8();
  fields.skip((flags & 0x80 ? 2 : 0) + (flags & 0x20 ? 2 : 0));
  if (flags & 0x40 || descriptor().tag !== 4) {
    return null;
  }
  const objectType = fields.u8();
  fields.skip(12);
  const specific = descriptor();
  // 0x40: MPEG-4 audio; an mp4a entry may also hold MP3
  return specific.tag === 5 && objectType === 0x40 ? fields.bytes(specific.length) : null;
}

/** Samples that share bytes would make a copy larger than its file, by any factor. */
function assertInside(tracks: readonly Track[], size: number): void {
  let claimed = 0;
  for (const sample of tracks.flatMap((track) => track.samples)) {
    if (sample.offset + sample.size > size) {
      throw new BoxError('incomplete', 'a sample lies past the end of the file');
    }
    claimed += sample.size;
  }
  if (claimed > size) {
    throw new BoxError('damaged', 'more bytes in samples than in the file');
  }
}

async function readPayload(handle: FileHandle, box: Box, limit: number): Promise<Buffer> {
  const length = box.end - box.start;
  if (length > limit) {
    throw new BoxError('damaged', 'tables larger than any clip needs');
  }
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, box.start);
  if (bytesRead < length) {
    throw new BoxError('incomplete', 'the file ends inside its tables');
  }
  return bytes;
}

function children(bytes: Buffer, box: Box): Box[] {
  return boxesIn(bytes, box.start, box.end);
}

function required(boxes: readonly Box[], type: string): Box {
  const box = find(boxes, type);
  if (box === undefined) {
    throw new BoxError('damaged', `no ${type}`);
  }
  return box;
}
