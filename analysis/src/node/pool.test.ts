import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { demoPicture, part } from '../../test/pictures.ts';
import type { Frame } from '../face/types.ts';
import { createAnalysisPool } from './pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'pool-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Two people side by side, each in a square of so many pixels: one smiles, the other one does not. */
const smiling = part(demoPicture(3), { x: 397, y: 127, side: 170, angle: 0 }, 200);
const serious = part(demoPicture(5), { x: 398, y: 108, side: 200, angle: 0 }, 200);
function sideBySide(first: number, second: number, timestamp_seconds: number): Frame {
  const [width, height] = [420, 210];
  const data = new Uint8Array(width * height * 3);
  for (const [picture, size, middle] of [
    [smiling, first, 105],
    [serious, second, 315],
  ] as const) {
    const tile = part(picture, { x: 100, y: 100, side: 200, angle: 0 }, size);
    for (let y = 0; y < size; y++) {
      data.set(tile.data.subarray(y * size * 3, (y + 1) * size * 3), (y * width + middle - size / 2) * 3);
    }
  }
  return { data, width, height, timestamp_seconds };
}

test('of two people the one who is larger over the whole clip is read, in every job and with any number of workers', async () => {
  // In the first job's pictures the other one leads.
  const frames = Array.from({ length: 40 }, (_, i) => sideBySide(i < 20 ? 150 : 200, i < 20 ? 164 : 100 + (i % 3) * 2, i / 2));
  async function* views() {
    for (const frame of frames) {
      const larger = new Uint8Array(frame.data.length + 7);
      larger.set(frame.data, 7);
      yield { ...frame, data: larger.subarray(7) };
    }
  }
  await using one = createAnalysisPool({ workers: 1 });
  await using two = createAnalysisPool({ workers: 2 });
  const [a, b] = await Promise.all([one.face(frames), two.face(views())]);
  expect(a).toEqual(b);
  expect(a).toMatchObject({
    status: 'completed',
    dominant: 'happiness',
    signals: { face_share: 1, blink_rate: null },
  });
  expect(a.status === 'completed' && a.frames.filter(({ happiness }) => happiness < 0.8)).toEqual([]);
});

/** What the thread does is told by the first frame's time: see moody-worker.mjs. */
describe('when a thread misbehaves', () => {
  const script = new URL('../../test/moody-worker.mjs', import.meta.url);
  const frame = (timestamp_seconds: number, mark = 'mark'): Frame => {
    const data = new TextEncoder().encode(join(folder, mark));
    return { data, width: data.length, height: 1, timestamp_seconds };
  };
  const good = { status: 'no_face', model: 'moody' };

  test.each([
    ['it dies twice', -1, 'analysis crashed or took too long'],
    ['it throws', -3, 'analysis crashed or took too long'],
    ['it never answers', -4, 'analysis crashed or took too long'],
    ['it answers with an error', -5, 'refused'],
  ])('%s: this clip is rejected, the next one is read', async (_, mood, message) => {
    await using pool = createAnalysisPool({ workers: 1, jobSeconds: 1.5, script });
    await expect(pool.face([frame(mood)])).rejects.toThrow(message);
    expect(await pool.face([frame(1)])).toMatchObject(good);
  });

  test('it dies once: the frames are read by a new one', async () => {
    await using pool = createAnalysisPool({ workers: 1, script });
    expect(await pool.face([frame(-2, 'once')])).toMatchObject(good);
  });

  test('an abort ends the wait at once, running or queued, and the pool goes on', async () => {
    await using pool = createAnalysisPool({ workers: 1, jobSeconds: 0.5, script });
    const running = new AbortController();
    const queued = new AbortController();
    const first = pool.face([frame(-4)], running.signal);
    const second = pool.face([frame(1)], queued.signal);
    const third = pool.face([frame(2)]);
    queued.abort(new Error('changed my mind'));
    await expect(second).rejects.toThrow('changed my mind');
    running.abort(new Error('me too'));
    await expect(first).rejects.toThrow('me too');
    expect(await third).toMatchObject(good);
    await expect(pool.face([frame(1)], queued.signal)).rejects.toThrow('changed my mind');
  });

  test('frames are taken no more than a job ahead of the workers', async () => {
    await using pool = createAnalysisPool({ workers: 1, jobSeconds: 0.5, script });
    let taken = 0;
    function* many() {
      for (; taken < 400; taken++) {
        yield frame(taken === 0 ? -4 : taken);
      }
    }
    const reading = pool.face(many());
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(taken).toBeLessThanOrEqual(60);
    await expect(reading).rejects.toThrow();
  });

  test('closing rejects what is under way', async () => {
    const pool = createAnalysisPool({ workers: 1, script });
    const jobs = [pool.face([frame(-4)]), pool.face([frame(1)])].map((job) => expect(job).rejects.toThrow('closed'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await pool[Symbol.asyncDispose]();
    await Promise.all(jobs);
    await expect(pool.face([frame(1)])).rejects.toThrow('closed');
  });
});
