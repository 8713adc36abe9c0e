import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { SAMPLE_RATE } from '../voice/types.ts';

const run = promisify(execFile);
const FFMPEG_LIMITS = { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024, timeout: 120_000 } as const;

/**
 * The sound of a file as mono samples of 16 kHz, -1 to 1. A 16-bit mono WAV of that rate is read here, everything else through ffmpeg, which must
 * then be on the PATH. Rejects when the file cannot be read as sound.
 */
export async function readSound(path: string, filter?: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  const plain = filter === undefined ? samplesOfWav(bytes) : null;
  if (plain !== null) {
    return plain;
  }
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file', '-i', `file:${path}`],
      ...['-af', filter ?? 'anull', '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 'f32le', '-'],
    ],
    FFMPEG_LIMITS,
  );
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + (stdout.length & ~3)));
}

/** `null` where the bytes are not a RIFF file (IBM and Microsoft, 1991) of 16-bit PCM, mono, 16 kHz. */
export function samplesOfWav(bytes: Buffer): Float32Array | null {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    return null;
  }
  let isKnown = false;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const from = at + 8;
    // A stream's writer may have left a size past the end of the file.
    const to = Math.min(bytes.length, from + bytes.readUInt32LE(at + 4));
    if (name === 'fmt ' && to - from >= 16) {
      const [format, channels, bits] = [bytes.readUInt16LE(from), bytes.readUInt16LE(from + 2), bytes.readUInt16LE(from + 14)];
      isKnown = format === 1 && channels === 1 && bits === 16 && bytes.readUInt32LE(from + 4) === SAMPLE_RATE;
    }
    if (name === 'data') {
      return isKnown ? Float32Array.from({ length: (to - from) >> 1 }, (_, i) => bytes.readInt16LE(from + 2 * i) / 32_768) : null;
    }
    at = to + ((to - from) & 1);
  }
  return null;
}
