/** Writes the boxes of a merged file (ISO/IEC 14496-12): one picture track, one sound track, chapters, and no word about when, where or with what. */
import type { AacConfig } from './codec-config.ts';
import { aacConfigBytes } from './codec-config.ts';

/** A sample as it will stand in the file: times in units of its track's timescale. */
export interface WrittenSample {
  size: number;
  dts: number;
  cts: number;
  duration: number;
  is_sync: boolean;
}

/** A run of samples of one track that lie side by side in the file. */
export interface Chunk {
  /** From the start of the `mdat` payload. */
  offset: number;
  samples: number;
}

/** One track's table. */
export interface TrackTable {
  timescale: number;
  samples: readonly WrittenSample[];
  chunks: readonly Chunk[];
  duration: number;
}

/** Everything the header says. */
export interface MovieTable {
  picture: TrackTable & {
    width: number;
    height: number;
    matrix: readonly number[];
    avcc: Uint8Array;
    /** Decoding runs ahead of showing by this much, in track units; the edit list takes it off again. */
    lead: number;
  };
  sound: TrackTable & AacConfig;
  /** Start of each chapter, in seconds. */
  chapters: readonly number[];
  data_bytes: number;
}

const IDENTITY = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];
const FOUR_GIB = 2 ** 32;

/** `ftyp`, `moov` and the header of the `mdat`; the samples follow. The same table gives the same bytes. */
export function writeHeader(table: MovieTable): Buffer {
  const ftyp = box('ftyp', ascii('isom'), u32(0x200), ascii('isomiso2avc1mp41'));
  const mdat =
    table.data_bytes + 16 < FOUR_GIB
      ? concat(u32(table.data_bytes + 8), ascii('mdat'))
      : concat(u32(1), ascii('mdat'), u64(table.data_bytes + 16));
  // the table's length does not depend on where the data begins, as long as offsets keep their width
  const wide = table.data_bytes + 64 * 1024 ** 2 >= FOUR_GIB;
  const tables = { picture: sampleTables(table.picture), sound: sampleTables(table.sound) };
  const length = ftyp.length + moov(table, tables, { dataStart: 0, wide }).length + mdat.length;
  return concat(ftyp, moov(table, tables, { dataStart: length, wide }), mdat);
}

interface Places {
  dataStart: number;
  wide: boolean;
}

function moov(table: MovieTable, tables: Record<'picture' | 'sound', Buffer[]>, places: Places): Buffer {
  const { picture, sound } = table;
  const timescale = picture.timescale;
  const soundDuration = Math.round((sound.duration / sound.timescale) * timescale);
  const mvhd = full(
    'mvhd',
    0,
    0,
    u32(0, 0, timescale, Math.max(picture.duration, soundDuration), 0x10000),
    u16(0x100, 0),
    u32(0, 0, ...IDENTITY, 0, 0, 0, 0, 0, 0, 3),
  );
  const edit = full('elst', 0, 0, u32(1, picture.duration, picture.lead, 0x10000));
  const pictureTrack = box(
    'trak',
    header({ id: 1, duration: picture.duration, volume: 0, matrix: picture.matrix, width: picture.width, height: picture.height }),
    picture.lead === 0 ? Buffer.alloc(0) : box('edts', edit),
    media({
      ...{ track: picture, handler: 'vide', mediaHeader: full('vmhd', 0, 1, u32(0, 0)), entry: avc1(picture) },
      tables: [...tables.picture, chunkOffsets(picture, places)],
    }),
  );
  const soundTrack = box(
    'trak',
    header({ id: 2, duration: soundDuration, volume: 0x100, matrix: IDENTITY, width: 0, height: 0 }),
    media({
      ...{ track: sound, handler: 'soun', mediaHeader: full('smhd', 0, 0, u32(0)), entry: mp4a(sound) },
      tables: [...tables.sound, chunkOffsets(sound, places)],
    }),
  );
  return box('moov', mvhd, pictureTrack, soundTrack, box('udta', chapters(table.chapters)));
}

interface TrackHeader {
  id: number;
  duration: number;
  volume: number;
  matrix: readonly number[];
  width: number;
  height: number;
}

function header({ id, duration, volume, matrix, width, height }: TrackHeader): Buffer {
  return full('tkhd', 0, 3, u32(0, 0, id, 0, duration, 0, 0), u16(0, 0, volume, 0), u32(...matrix), u32(width * 65536, height * 65536));
}

interface Media {
  track: TrackTable;
  handler: 'vide' | 'soun';
  mediaHeader: Buffer;
  entry: Buffer;
  tables: readonly Buffer[];
}

function media({ track, handler, mediaHeader, entry, tables }: Media): Buffer {
  // "und", the language nobody has claimed, in three times five bits
  const mdhd = full('mdhd', 0, 0, u32(0, 0, track.timescale, track.duration), u16(0x55c4, 0));
  const hdlr = full('hdlr', 0, 0, u32(0), ascii(handler), u32(0, 0, 0), Buffer.from([0]));
  const dinf = box('dinf', full('dref', 0, 0, u32(1), full('url ', 0, 1)));
  const stbl = box('stbl', full('stsd', 0, 0, u32(1), entry), ...tables);
  return box('mdia', mdhd, hdlr, box('minf', mediaHeader, dinf, stbl));
}

/** Everything but where the samples lie. */
function sampleTables({ samples, chunks }: TrackTable): Buffer[] {
  const durations = samples.map((sample, index) => (samples[index + 1]?.dts ?? sample.dts + sample.duration) - sample.dts);
  const shifts = samples.map((sample) => sample.cts - sample.dts);
  const sync: number[] = [];
  for (const [index, sample] of samples.entries()) {
    if (sample.is_sync) {
      sync.push(index + 1);
    }
  }
  return [
    full('stts', 0, 0, runs(durations)),
    ...(shifts.some((shift) => shift !== 0) ? [full('ctts', 0, 0, runs(shifts))] : []),
    ...(sync.length < samples.length ? [full('stss', 0, 0, u32(sync.length), words(sync))] : []),
    full('stsc', 0, 0, chunkRuns(chunks)),
    full('stsz', 0, 0, u32(0, samples.length), words(samples.map((sample) => sample.size))),
  ];
}

function chunkOffsets({ chunks }: TrackTable, { dataStart, wide }: Places): Buffer {
  const places = chunks.map((chunk) => dataStart + chunk.offset);
  return wide ? full('co64', 0, 0, u32(places.length), u64(...places)) : full('stco', 0, 0, u32(places.length), words(places));
}

/** Equal values in a row as (count, value), with the number of rows in front. */
function runs(values: readonly number[]): Buffer {
  const rows: number[] = [];
  for (const value of values) {
    const last = rows.length - 2;
    if (last >= 0 && rows[last + 1] === value) {
      rows[last] = (rows[last] ?? 0) + 1;
    } else {
      rows.push(1, value);
    }
  }
  return words([rows.length / 2, ...rows]);
}

function chunkRuns(chunks: readonly Chunk[]): Buffer {
  const rows: number[] = [];
  for (const [index, chunk] of chunks.entries()) {
    if (chunk.samples !== chunks[index - 1]?.samples) {
      rows.push(index + 1, chunk.samples, 1);
    }
  }
  return words([rows.length / 3, ...rows]);
}

function avc1({ width, height, avcc }: MovieTable['picture']): Buffer {
  const fixed = concat(
    u32(0),
    u16(0, 1),
    u32(0, 0, 0, 0),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(0x18, 0xffff),
  );
  return box('avc1', fixed, box('avcC', Buffer.from(avcc)));
}

function mp4a(sound: MovieTable['sound']): Buffer {
  const seconds = sound.duration / sound.timescale;
  const bytes = sound.samples.reduce((sum, sample) => sum + sample.size, 0);
  const bitrate = seconds > 0 ? Math.round((bytes * 8) / seconds) : 0;
  const specific = descriptor(5, aacConfigBytes(sound));
  const decoder = descriptor(4, concat(Buffer.from([0x40, 0x15, 0, 0, 0]), u32(bitrate, bitrate), specific));
  const esds = full('esds', 0, 0, descriptor(3, concat(u16(0), Buffer.from([0]), decoder, descriptor(6, Buffer.from([2])))));
  return box('mp4a', u32(0), u16(0, 1), u32(0, 0), u16(sound.channels, 16, 0, 0), u32(sound.rate * 65536), esds);
}

function descriptor(tag: number, payload: Buffer): Buffer {
  return concat(Buffer.from([tag, payload.length]), payload);
}

/** Nero's chapter list, which ffmpeg and most desktop players read: starts in 100 ns. Names are numbers: they must tell nothing. */
function chapters(starts: readonly number[]): Buffer {
  const entries = starts.map((seconds, index) => {
    const name = ascii(String(index + 1));
    return concat(u64(Math.round(seconds * 1e7)), Buffer.from([name.length]), name);
  });
  return full('chpl', 1, 0, u32(0), Buffer.from([entries.length]), ...entries);
}

function box(type: string, ...payload: readonly Buffer[]): Buffer {
  const size = payload.reduce((sum, part) => sum + part.length, 8);
  return concat(u32(size), ascii(type), ...payload);
}

function full(type: string, version: number, flags: number, ...payload: readonly Buffer[]): Buffer {
  return box(type, u32(version * 2 ** 24 + flags), ...payload);
}

function concat(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts);
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value, index * 2);
  });
  return bytes;
}

/** Negative numbers are written as two's complement. */
function u32(...values: readonly number[]): Buffer {
  return words(values);
}

/** A table: too many values to be arguments. */
function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value >>> 0, index * 4);
  });
  return bytes;
}

function u64(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => {
    bytes.writeBigUInt64BE(BigInt(value), index * 8);
  });
  return bytes;
}
