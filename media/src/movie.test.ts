import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeClip } from '../test/make-clip.ts';
import { setUp } from '../test/set-up.ts';
import { BoxError, boxesIn } from './boxes.ts';
import { joinAvcConfigs, readAacConfig, readAvcConfig } from './codec-config.ts';
import { declaredSize } from './ebml.ts';
import { readMovie } from './movie.ts';
import { sniffBytes } from './sniff.ts';

const { dir, tools } = await setUp('boxes');
let seeds: Buffer[];

beforeAll(async () => {
  const tiny = { size: '64x64', fps: 10, seconds: 1 };
  await makeClip(join(dir, 'plain.mp4'), tools, tiny);
  await makeClip(join(dir, 'fragments.mp4'), tools, { ...tiny, more: '-movflags +frag_keyframe+empty_moov+default_base_moof -g 3' });
  seeds = await Promise.all(['plain.mp4', 'fragments.mp4'].map(async (name) => await readFile(join(dir, name))));
});

/** Reads bytes as a file; whatever they are, the answer is a movie or a BoxError. */
async function readBytes(bytes: Uint8Array): Promise<void> {
  const path = join(dir, 'hostile.mp4');
  await writeFile(path, bytes);
  try {
    await readMovie(path);
  } catch (error) {
    expect(error).toBeInstanceOf(BoxError);
  }
}

describe('the box reader', () => {
  it('ends with a movie or a BoxError on files with some bytes changed', async () => {
    const change = fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) });
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 1 }), fc.array(change, { minLength: 1, maxLength: 12 }), async (seed, changes) => {
        const bytes = Buffer.from(seeds[seed] ?? []);
        const moov = Math.max(0, bytes.indexOf('moov'));
        for (const { place, value } of changes) {
          // most of the tables lie behind the word moov, in a fragmented file all over
          const start = seed === 0 ? moov - 4 : 0;
          bytes[Math.floor(start + place * (bytes.length - 1 - start))] = value;
        }
        await readBytes(bytes);
      }),
      { numRuns: 600 },
    );
  });

  it('ends with a movie or a BoxError on files cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), async (seed, part) => {
        const bytes = seeds[seed] ?? Buffer.alloc(0);
        await readBytes(bytes.subarray(0, Math.floor(bytes.length * part)));
      }),
      { numRuns: 200 },
    );
  });

  it('survives random bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), readBytes), { numRuns: 300 });
  });

  it('reads fragments as it reads a plain file', async () => {
    const [plain, fragmented] = await Promise.all(['plain.mp4', 'fragments.mp4'].map(async (name) => await readMovie(join(dir, name))));
    const picture = (movie: typeof plain) => movie?.tracks.find((track) => track.kind === 'video');
    expect(picture(fragmented)?.samples.length).toBe(picture(plain)?.samples.length);
    expect(fragmented?.is_fragmented).toBe(true);
  });

  // Chromium's recorder ends some of its files so.
  it('takes no harm from a last fragment that names a track, at time 0, and holds nothing of it', async () => {
    const box = (type: string, ...parts: Buffer[]) => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(8 + Buffer.concat(parts).length);
      head.write(type, 4);
      return Buffer.concat([head, ...parts]);
    };
    const words = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer).swap32();
    const [number, track, start, run] = [words(0, 99), words(0x020000, 1), words(0, 0), words(0, 0)];
    const traf = box('traf', box('tfhd', track), box('tfdt', start), box('trun', run));
    const ended = join(dir, 'ended.mp4');
    await writeFile(ended, Buffer.concat([seeds[1] ?? Buffer.alloc(0), box('moof', box('mfhd', number), traf)]));
    expect((await readMovie(ended)).tracks).toEqual((await readMovie(join(dir, 'fragments.mp4'))).tracks);
  });
});

describe('the small readers', () => {
  it('never throw anything but a BoxError on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (array) => {
        const bytes = Buffer.from(array);
        sniffBytes(bytes);
        declaredSize(bytes);
        readAvcConfig(bytes);
        readAacConfig(bytes);
        joinAvcConfigs([bytes, Buffer.from([1])]);
        try {
          boxesIn(bytes, 0, bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(BoxError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
