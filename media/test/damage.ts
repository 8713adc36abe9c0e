/** Ways to break a clip that was whole: each takes its bytes and writes them, changed, to `path`. */
import { writeFile } from 'node:fs/promises';
import { readMovie } from '../src/movie.ts';

/** Noise from the second hundred of bytes of the samples on. */
export async function overwriteSamples(path: string, bytes: Buffer): Promise<void> {
  const [start, end] = [bytes.indexOf('mdat') + 8, bytes.indexOf('moov') - 8];
  for (let at = start + 200; at < end; at += 1) {
    bytes[at] = (at * 2_654_435_761) >>> 24;
  }
  await writeFile(path, bytes);
}

/** Makes the edit list of both tracks show so many milliseconds from a moment of each on, as trimming on a phone does. */
export function trimTo(milliseconds: number, fromSeconds: number): (path: string, bytes: Buffer) => Promise<void> {
  return async (path, bytes) => {
    for (let elst = bytes.indexOf('elst'), mdhd = -1; elst >= 0; elst = bytes.indexOf('elst', elst + 4)) {
      mdhd = bytes.indexOf('mdhd', elst);
      bytes.writeUInt32BE(milliseconds, elst + 12);
      // a little is media time already: decoder priming and the delay of B frames
      bytes.writeInt32BE(bytes.readInt32BE(elst + 16) + fromSeconds * bytes.readUInt32BE(mdhd + 16), elst + 16);
    }
    await writeFile(path, bytes);
  };
}

/** Makes one line of the `stts` of the picture (the first) or the sound (the second) say another length, which the edit lists do not show. */
export function stretch(kind: 'picture' | 'sound', line: number, ticks: number): (path: string, bytes: Buffer) => Promise<void> {
  return async (path, bytes) => {
    const stts = bytes.indexOf('stts', kind === 'picture' ? 0 : bytes.indexOf('smhd'));
    const at = line < 0 ? bytes.readUInt32BE(stts + 8) + line : line;
    bytes.writeUInt32BE(ticks, stts + 16 + 8 * at);
    await writeFile(path, bytes);
  };
}

/** Says that the pictures, each decoded after the one before it, are shown the other way round. */
export async function showBackwards(path: string, bytes: Buffer): Promise<void> {
  const stts = bytes.indexOf('stts');
  const [count, ticks] = [bytes.readUInt32BE(stts + 12), bytes.readUInt32BE(stts + 16)];
  const shifts = Array.from({ length: count }, (_, index) => [1, ticks * (count - 1 - 2 * index)]).flat();
  await writeFile(path, withTable(bytes, 'ctts', [0x01000000, count, ...shifts]));
}

/** Shows the first picture so many ticks before all others, and has no edit list that leaves it out; the clip has no B frames. */
export function showFirstEarly(ticks: number): (path: string, bytes: Buffer) => Promise<void> {
  return async (path, bytes) => {
    const count = bytes.readUInt32BE(bytes.indexOf('stts') + 12);
    const early = withTable(bytes, 'ctts', [0x01000000, 2, 1, -ticks, count - 1, 0]);
    for (let edts = early.indexOf('edts'); edts >= 0; edts = early.indexOf('edts')) {
      early.write('free', edts, 'latin1');
    }
    await writeFile(path, early);
  };
}

/** Says that all pictures hang on the first one. */
export async function onlyFirstIsKey(path: string, bytes: Buffer): Promise<void> {
  await writeFile(path, withTable(bytes, 'stss', [0, 1, 1]));
}

/** Forty kilobytes of anything behind the parameter sets. */
export async function swellConfig(path: string, bytes: Buffer): Promise<void> {
  const avcc = bytes.indexOf('avcC') - 4;
  const end = avcc + bytes.readUInt32BE(avcc);
  const more = Buffer.alloc(40_960, 'SECRET');
  for (const container of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'avc1', 'avcC']) {
    const at = bytes.indexOf(container, bytes.indexOf('moov')) - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(at) + more.length, at);
  }
  await writeFile(path, Buffer.concat([bytes.subarray(0, end), more, bytes.subarray(end)]));
}

/** One more table of the first track, ahead of its `stts`; the samples must lie before the `moov`. */
function withTable(bytes: Buffer, type: string, values: readonly number[]): Buffer {
  const table = Buffer.alloc(8 + 4 * values.length);
  table.writeUInt32BE(table.length, 0);
  table.write(type, 4, 'latin1');
  for (const [index, value] of values.entries()) {
    table.writeInt32BE(value, 8 + 4 * index);
  }
  for (const container of ['moov', 'trak', 'mdia', 'minf', 'stbl']) {
    const at = bytes.indexOf(container, bytes.indexOf('moov')) - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(at) + table.length, at);
  }
  const stts = bytes.indexOf('stts') - 4;
  return Buffer.concat([bytes.subarray(0, stts), table, bytes.subarray(stts)]);
}

/** Every chunk at the place of the first, so that a copy would be many times the file. */
export async function shareSamples(path: string, bytes: Buffer): Promise<void> {
  const [stsc, stsz, stco] = ['stsc', 'stsz', 'stco'].map((type) => bytes.indexOf(type));
  const chunks = bytes.readUInt32BE((stco ?? 0) + 8);
  bytes.writeUInt32BE(1, (stsc ?? 0) + 8);
  bytes.writeUInt32BE(1, (stsc ?? 0) + 16);
  bytes.writeUInt32BE(Math.floor(bytes.length / 2), (stsz ?? 0) + 8);
  bytes.writeUInt32BE(chunks, (stsz ?? 0) + 12);
  for (let index = 0; index < chunks; index += 1) {
    bytes.writeUInt32BE(bytes.indexOf('mdat') + 4, (stco ?? 0) + 12 + index * 4);
  }
  await writeFile(path, bytes);
}

/** One picture after another, each for ever, and all of it shown. */
export async function lastForCenturies(path: string, bytes: Buffer): Promise<void> {
  bytes.writeUInt32BE(0xffffffff, bytes.indexOf('elst') + 12);
  bytes.writeUInt32BE(0xffffffff, bytes.indexOf('stts') + 16);
  await writeFile(path, bytes);
}

/** Eight kilobytes of nothing late in the file, as a failing card leaves them. */
export async function zeroLateSamples(path: string, bytes: Buffer): Promise<void> {
  const at = Math.floor(bytes.length * 0.7);
  await writeFile(path, bytes.fill(0, at, at + 8192));
}

/** Forty wrong bytes in the middle of the largest picture but the first: nothing but a decoder can tell. */
export async function randomiseOneSlice(path: string, bytes: Buffer): Promise<void> {
  await writeFile(path, bytes);
  const samples = (await readMovie(path)).tracks.find((track) => track.kind === 'video')?.samples ?? [];
  const victim = samples.slice(1).toSorted((a, b) => b.size - a.size)[0];
  for (let at = (victim?.offset ?? 0) + Math.floor((victim?.size ?? 0) / 2), left = 40; left > 0; at += 1, left -= 1) {
    bytes[at] = 1 + (((at * 2_654_435_761) >>> 24) % 255);
  }
  await writeFile(path, bytes);
}

/** Says mono of a sound whose frames are stereo. */
export async function announceMono(path: string, bytes: Buffer): Promise<void> {
  const config = bytes.indexOf(Buffer.from('119056e500', 'hex'));
  bytes.writeUInt16BE(0x1188, config);
  await writeFile(path, bytes);
}

/** Says that the first sound is a text, which ffmpeg goes on taking for a sound. */
export async function hideFirstSound(path: string, bytes: Buffer): Promise<void> {
  bytes.write('text', bytes.indexOf('soun', bytes.indexOf('moov')), 'latin1');
  await writeFile(path, bytes);
}

/** Sixteen bytes that claim four thousand million samples of one size. */
export async function claimSamples(path: string, bytes: Buffer): Promise<void> {
  const stsz = bytes.indexOf('stsz');
  bytes.writeUInt32BE(1, stsz + 8);
  bytes.writeUInt32BE(0xffffffff, stsz + 12);
  await writeFile(path, bytes);
}

/** Sets the bit that says spectral band replication in the AudioSpecificConfig's extension, which ffmpeg writes as absent. */
export async function announceHeAac(path: string, bytes: Buffer): Promise<void> {
  bytes[bytes.indexOf(Buffer.from('56e500', 'hex')) + 2] = 0x80;
  await writeFile(path, bytes);
}
