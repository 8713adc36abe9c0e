/** A machine without ffmpeg says so, and goes on where it stood as soon as there is one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeApi } from '../harness/api.ts';
import { ownChallenge, settled } from '../harness/challenges.ts';
import { clipMaker } from '../harness/clips.ts';
import { uploadClip } from '../harness/multipart.ts';
import { registerPlayer } from '../harness/players.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type ServerOptions, startServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';

const GIVEN_UP_MS = 120_000;
const scratch = await makeScratch();
let clips: [string, string, string];

beforeAll(async () => {
  clips = await clipMaker(scratch.path).three();
});
afterAll(() => scratch[Symbol.asyncDispose]());

const machines: [string, NonNullable<ServerOptions['env']>][] = [
  ['FFMPEG_PATH points nowhere', { FFMPEG_PATH: '/nowhere/ffmpeg' }],
  ['none on the PATH', { FFMPEG_PATH: undefined, PATH: scratch.path }],
];

test.each(machines)('%s: /health/ready says which part is missing', async (_name, env) => {
  await using server = await startServer({ env, untilReady: false });
  const live = await fetch(`${server.origin}/health/live`);
  expect(live.status).toBe(200);
  const ready = await fetch(`${server.origin}/health/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ status: 'unready', checks: { ffmpeg: 'missing', database: 'ok', disk: 'ok' } });
});

test('the step fails with the reason in words; with ffmpeg back, process goes on', async () => {
  await using server = await startServer({ env: { FFMPEG_PATH: '/nowhere/ffmpeg' }, untilReady: false });
  const author = (await registerPlayer(makeApi(server.origin))).api;
  const { id } = await author.call('createChallenge', { body: { lie_index: 0 } });
  for (const path of clips) {
    await uploadClip(author, id, path);
  }
  const asked = await author.fetch(`/api/v1/challenges/${id}/process`, { method: 'POST' });
  expect(asked.status).toBe(200);
  const failed = await until(
    async () => {
      const seen = await ownChallenge(author, id);
      return seen.status === 'failed' && seen;
    },
    { what: 'the step to be given up', timeoutMs: GIVEN_UP_MS, everyMs: 200 },
  );
  expect(failed.failure).toMatchObject({ step: 'check-clip', reason: expect.stringMatching(/ffmpeg/i) });
  expect(failed.clips.map(({ status }) => status)).not.toContain('refused');

  await server.restart({});
  await author.call('process', { params: { id } });
  expect(await settled(author, id)).toMatchObject({ status: 'published', failure: null });
});
