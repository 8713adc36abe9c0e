/** A look into the key frames' first NAL units: parameter sets inside the samples would outlive their clip in a merged file. */
import { open } from 'node:fs/promises';
import { readAvcConfig } from './codec-config.ts';
import type { Track } from './movie.ts';

const NAL_IDR = 5;
const NAL_SPS = 7;
const NAL_PPS = 8;
/** Parameter sets and their company stand before the first slice. */
const LOOKED_AT_BYTES = 1024;

/** True where the first picture is an IDR and no key frame changes the parameter sets that stand in the `avcC`. */
export async function hasCleanKeyFrames(path: string, track: Track): Promise<boolean> {
  const config = track.config === null ? null : readAvcConfig(track.config);
  if (config === null) {
    return false;
  }
  const known = new Set([...config.sps, ...config.pps].map((set) => set.toString('hex')));
  const keyFrames = track.samples.filter((sample) => sample.is_sync);
  if (keyFrames[0] !== track.samples[0]) {
    return false;
  }
  const handle = await open(path, 'r');
  const bytes = Buffer.alloc(LOOKED_AT_BYTES);
  try {
    for (const [index, sample] of keyFrames.entries()) {
      const { bytesRead } = await handle.read(bytes, 0, Math.min(LOOKED_AT_BYTES, sample.size), sample.offset);
      const units = nalUnits(bytes.subarray(0, bytesRead), config.length_size);
      const isIdr = units.some((unit) => unit.type === NAL_IDR);
      const isForeign = units.some((unit) => (unit.type === NAL_SPS || unit.type === NAL_PPS) && !known.has(unit.bytes.toString('hex')));
      if (isForeign || (index === 0 && !isIdr)) {
        return false;
      }
    }
  } finally {
    await handle.close();
  }
  return true;
}

function nalUnits(bytes: Buffer, lengthSize: number): { type: number; bytes: Buffer }[] {
  const units: { type: number; bytes: Buffer }[] = [];
  let at = 0;
  while (at + lengthSize < bytes.length) {
    const start = at + lengthSize;
    const end = start + bytes.readUIntBE(at, lengthSize);
    units.push({ type: bytes.readUInt8(start) & 0x1f, bytes: bytes.subarray(start, Math.min(end, bytes.length)) });
    at = end;
  }
  return units;
}
