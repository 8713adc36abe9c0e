import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@2t1l/contract/problems';
import { expect, test } from 'vitest';
import { type ClipName, clipPath } from '../../test/clips.ts';
import { buildChallenge } from '../../test/factories.ts';
import { buildPorts } from '../../test/ports.ts';
import { givenUp, handlers } from '../flow/handlers.ts';
import type { Media, Ports } from '../ports.ts';
import { feedPage } from '../store/feed.ts';
import { makeHouseContent } from './house.ts';
import { HOUSE_STORIES } from './stories.ts';

const CLIPS: readonly ClipName[] = ['good-0.mp4', 'good-1.mp4', 'good-2.mp4'];
const never = new AbortController().signal;

async function published(ports: Ports): Promise<string[]> {
  return (await feedPage(null, { limit: 10, filter: 'all' }, ports)).items.map((item) => item.id).sort();
}

test('a drawn scene is a clip like any other', async () => {
  await using ports = await buildPorts();
  const media = await ports.media();
  const path = join(ports.folders.work, 'scene.mp4');
  await media.drawScene(path, { line: 'I am a house.', voice: 'slt', figure: 1 }, { signal: never });
  const prepared = await media.prepare(path, join(ports.folders.work, 'canonical.mp4'), { signal: never });
  expect(prepared).toMatchObject({ outcome: 'accepted', output: null, facts: { width: 720, height: 1280, has_sound: true } });
});

test('a kill in the middle and three starts at once make each challenge once', async () => {
  await using real = await buildPorts();
  const engine = await real.media();
  let drawn = 0;
  // Drawing takes seconds a scene; what the house does with it is the matter here.
  const quick: Media = {
    ...engine,
    drawScene: async (output) => copyFile(await clipPath(CLIPS[drawn++ % CLIPS.length] ?? 'good-0.mp4'), output),
  };
  const ports = { ...real, media: async () => quick };
  const killed = new AbortController();
  const media = await ports.media();
  const dying = {
    ...media,
    drawScene: (...args: Parameters<typeof media.drawScene>) => media.drawScene(...args).then(() => killed.abort()),
  };
  const said: string[] = [];
  const log = { ...ports.log, warn: (_fields: object, message: string) => void said.push(message) };
  await makeHouseContent({ ...ports, media: async () => dying, log }, killed.signal);
  expect([await published(ports), said]).toEqual([[], []]);

  const worker = await ports.jobs.work(handlers(ports), givenUp(ports), { concurrency: 2 });
  try {
    await Promise.all([makeHouseContent(ports, never), makeHouseContent(ports, never)]);
    await expect.poll(() => published(ports), { timeout: 90_000, interval: 200 }).toEqual(HOUSE_STORIES.map((story) => story.id));
    await makeHouseContent(ports, never);
    expect(await ports.db.selectFrom('challenges').select('id').execute()).toHaveLength(HOUSE_STORIES.length);
    expect(await ports.db.selectFrom('clips').select('status').distinct().execute()).toEqual([{ status: 'ready' }]);
    expect((await feedPage(null, { limit: 1, filter: 'all' }, ports)).items[0]?.author).toMatchObject({
      username: 'The House',
      is_house: true,
    });
  } finally {
    await worker.stop();
  }
});

test('a server on which players have begun is left alone', async () => {
  await using ports = await buildPorts();
  await buildChallenge(ports);
  await makeHouseContent(ports, never);
  expect(await ports.db.selectFrom('challenges').select('id').execute()).toHaveLength(1);
});

/** Ports on which the house is never finished: `media` throws this, each time it is asked; and what is said about it. */
async function hindered(error: Error) {
  const ports = await buildPorts();
  const said: string[] = [];
  let asked = 0;
  const media = () => {
    asked += 1;
    return Promise.reject(error);
  };
  const log = { ...ports.log, warn: (_fields: object, message: string) => void said.push(message) };
  const make = (signal: AbortSignal) => makeHouseContent({ ...ports, media, log }, signal);
  return { make, said, asked: () => asked, [Symbol.asyncDispose]: () => ports[Symbol.asyncDispose]() };
}

test('on a machine that is busy for a while it tries again until its challenges are on their way', async () => {
  await using ports = await buildPorts();
  let busy = 3;
  const media: Ports['media'] = async () => {
    if (busy > 0) {
      busy -= 1;
      throw new Problem('busy', { retry_after_seconds: 0.01 });
    }
    return { ...(await ports.media()), drawScene: async (output) => copyFile(await clipPath('good-0.mp4'), output) };
  };
  await makeHouseContent({ ...ports, media }, never);
  const made = await ports.db.selectFrom('challenges').select('status').execute();
  expect(made.map(({ status }) => status)).toEqual(HOUSE_STORIES.map(() => 'checking'));
});

test('what does not pass is left to the next start at once, what will not end after some minutes', async () => {
  await using missing = await hindered(new Problem('media_tool_missing'));
  await missing.make(never);
  await using busy = await hindered(new Problem('busy', { retry_after_seconds: 0.001 }));
  await busy.make(never);
  const once = [expect.stringContaining('the next start tries again')];
  expect([missing.asked(), missing.said, busy.asked(), busy.said]).toEqual([1, once, 120, once]);
});

test('a server that stops does not wait until the machine is less busy', async () => {
  await using busy = await hindered(new Problem('busy', { retry_after_seconds: 3600 }));
  const ending = new AbortController();
  const making = busy.make(ending.signal);
  await expect.poll(busy.asked).toBe(1);
  ending.abort();
  await making;
  expect([busy.asked(), busy.said]).toEqual([1, []]);
});
