import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeClip } from '../test/make-clip.ts';
import { commandsWith } from '../test/processes.ts';
import { setUp } from '../test/set-up.ts';
import { canonicalise } from './canonicalise.ts';
import { type ClipFacts, checkClip } from './check.ts';
import { extractSound } from './extract.ts';
import { mergeClips } from './merge.ts';
import { makePoster } from './poster.ts';

const { dir, tools } = await setUp('abort');
const facts: Record<string, ClipFacts> = {};

beforeAll(async () => {
  await makeClip(clip('plain.mp4'), tools, { seconds: 2 });
  await makeClip(clip('baseline.mp4'), tools, {
    seconds: 2,
    picture: '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -profile:v baseline',
    channels: 1,
  });
  await makeClip(clip('silent.mp4'), tools, { seconds: 2, silent: true });
  await makeClip(clip('live.webm'), tools, {
    size: '360x640',
    seconds: 2,
    picture: '-c:v libvpx -deadline realtime -cpu-used 8',
    sound: '-c:a libopus',
    more: '-live 1',
  });
  for (const name of ['silent.mp4', 'live.webm']) {
    const check = await checkClip(clip(name), { tools });
    if (check.outcome === 'refused') {
      throw new Error(`${name} is refused`);
    }
    facts[name] = check.facts;
  }
});

const clip = (name: string) => join(dir, name);

function factsOf(name: string): ClipFacts {
  const known = facts[name];
  if (known === undefined) {
    throw new Error(`no facts of ${name}`);
  }
  return known;
}

type Step = (folder: string, signal: AbortSignal | undefined) => Promise<unknown>;
const merge =
  (first: string): Step =>
  async (folder, signal) =>
    await mergeClips(['plain.mp4', first, 'plain.mp4'].map(clip), join(folder, 'out.mp4'), { tools, workDir: folder, signal });
const steps: [string, Step][] = [
  ['a check', async (_, signal) => await checkClip(clip('plain.mp4'), { tools, signal })],
  ['a check of packets', async (_, signal) => await checkClip(clip('live.webm'), { tools, signal })],
  [
    'an encode',
    async (folder, signal) =>
      await canonicalise(clip('live.webm'), join(folder, 'out.mp4'), { tools, signal, facts: factsOf('live.webm') }),
  ],
  [
    'a copy beside silence',
    async (folder, signal) =>
      await canonicalise(clip('silent.mp4'), join(folder, 'out.mp4'), { tools, signal, facts: factsOf('silent.mp4') }),
  ],
  ['a merge by copy', merge('plain.mp4')],
  ['a merge with an encode', merge('baseline.mp4')],
  ['sound for analysis', async (_, signal) => await extractSound(clip('plain.mp4'), { tools, signal })],
  ['a poster', async (folder, signal) => await makePoster(clip('plain.mp4'), join(folder, 'out.jpg'), { tools, signal })],
];

describe('an abort in the middle leaves no process and no file: ', () => {
  it.each(steps)('%s', async (name, step) => {
    const folder = await mkdtemp(join(dir, 'out-'));
    const began = performance.now();
    await step(folder, undefined);
    const whole = performance.now() - began;
    const made = await readdir(folder);
    let aborted = 0;
    for (const part of [0, 0.1, 0.3, 0.5, 0.7, 0.9]) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      const reason = new Error(`aborted ${name}`);
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(reason), whole * part);
      const ended = await step(folder, stop.signal).then(
        () => 'done',
        (error: unknown) => error,
      );
      clearTimeout(timer);
      // a run may be quicker than the first one was, and then it is whole
      expect([reason, 'done']).toContain(ended);
      aborted += ended === reason ? 1 : 0;
      expect(await readdir(folder)).toEqual(ended === reason ? [] : made);
      expect(await commandsWith(dir)).toEqual([]);
    }
    expect(aborted).toBeGreaterThan(name.includes('copy') ? 0 : 2);
  });
});
