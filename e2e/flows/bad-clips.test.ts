/** Clips that are none: each is refused with its reason, leaves no file behind, and the author can go on. */
import { readFile } from 'node:fs/promises';
import type { Refusal } from '@2t1l/game/challenge';
import { CLIP_MAX_BYTES } from '@2t1l/game/limits';
import { beforeAll, describe, expect, test } from 'vitest';
import { closeAfterAll } from '../harness/after.ts';
import { expectProblem, makeApi } from '../harness/api.ts';
import { clipsChecked, ownChallenge, settled } from '../harness/challenges.ts';
import { type Clips, clipMaker } from '../harness/clips.ts';
import { filesIn } from '../harness/data-folder.ts';
import { postClip, uploadClip } from '../harness/multipart.ts';
import { type Player, registerPlayer } from '../harness/players.ts';
import { sendLazily } from '../harness/raw.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';
import { tusCreate, tusPatch } from '../harness/tus.ts';
import { expectNothingChanged } from '../harness/unchanged.ts';
import { until } from '../harness/until.ts';

const MB = 1024 * 1024;
/** What may be on its way in buffers of both sides when the server says stop. */
const IN_FLIGHT = 16 * MB;

const scratch = await makeScratch();
const clips: Clips = clipMaker(scratch.path);
let server: Server;
let author: Player;
let good: [string, string, string];

beforeAll(async () => {
  good = await clips.three();
  server = await startServer();
  author = await registerPlayer(makeApi(server.origin));
});
closeAfterAll(() => [server, scratch]);

const newDraft = async () => (await author.api.call('createChallenge', { body: {} })).id;

describe('defects', () => {
  const defects: [string, (clips: Clips) => Promise<string>, Refusal][] = [
    ['a text named .mp4', (made) => made.notAVideo(), 'not_a_video'],
    ['an empty file', (made) => made.empty(), 'empty'],
    ['a clip cut off', (made) => made.truncated(), 'incomplete'],
    ['a clip without its index', (made) => made.noMoov(), 'incomplete'],
    ['a clip of 61 s', (made) => made.tooLong(), 'too_long'],
  ];

  test.each(defects)('%s is refused, and a good one takes its place', async (_name, make, reason) => {
    const id = await newDraft();
    await uploadClip(author.api, id, good[0], 0);
    await uploadClip(author.api, id, good[1], 1);
    await clipsChecked(author.api, id);
    const before = await filesIn(server.dataDir);

    await uploadClip(author.api, id, await make(clips), 2);
    const checked = await clipsChecked(author.api, id);
    expect(checked.status).toBe('draft');
    expect(checked.clips[2]).toMatchObject({ segment_index: 2, status: 'refused', reasons: [reason] });
    const problem = await author.api.refused('process', { params: { id } });
    expect(problem.code).toBe('clip_refused');
    expect((await ownChallenge(author.api, id)).clips).toEqual(checked.clips);
    // Of a refused clip nothing stays on the disk but, at most, its own bytes until they are replaced.
    const extra = (await filesIn(server.dataDir)).filter((file) => !before.includes(file));
    expect(extra.length, extra.join(', ')).toBeLessThanOrEqual(1);

    await uploadClip(author.api, id, good[2], 2);
    await author.api.call('process', { params: { id } });
    expect(await settled(author.api, id)).toMatchObject({ status: 'ready' });
  });

  test('refused while the challenge is processed: a draft again that says which', async () => {
    const id = await newDraft();
    const bad = await clips.truncated();
    await uploadClip(author.api, id, good[0]);
    await uploadClip(author.api, id, good[1]);
    await uploadClip(author.api, id, bad);
    const response = await author.api.fetch(`/api/v1/challenges/${id}/process`, { method: 'POST' });
    // Too quick for the check: taken, and undone by it. Otherwise refused at once.
    expect([200, 409]).toContain(response.status);
    await until(async () => (await ownChallenge(author.api, id)).status === 'draft', { what: 'the draft to come back' });
    const challenge = await clipsChecked(author.api, id);
    expect(challenge.status).toBe('draft');
    expect(challenge.clips.map(({ status }) => status)).toEqual(['ready', 'ready', 'refused']);
  });

  test('an empty upload by tus', async () => {
    const id = await newDraft();
    const response = await tusCreate(author.api, { challenge_id: id, segment_index: 0 }, 0);
    if (response.status !== 201) {
      await expectProblem(response, 'invalid_request');
      return;
    }
    const checked = await clipsChecked(author.api, id);
    expect(checked.clips.map(({ status, reasons }) => ({ status, reasons }))).toEqual([{ status: 'refused', reasons: ['empty'] }]);
  });
});

describe('too large', () => {
  const part = 'Content-Disposition: form-data; name="video"; filename="clip.mp4"\r\nContent-Type: video/mp4\r\n\r\n';
  const multipart = (id: string, isChunked: boolean) =>
    sendLazily(server.origin, {
      method: 'POST',
      path: `/api/v1/challenges/${id}/upload`,
      headers: { authorization: `Bearer ${author.tokens.access_token}`, 'content-type': 'multipart/form-data; boundary=cut' },
      opening: `--cut\r\n${part}`,
      fillingBytes: 3 * CLIP_MAX_BYTES,
      isChunked,
    });

  test.each([
    ['a length that says so', false, 0],
    ['no length', true, CLIP_MAX_BYTES],
  ])('a form with %s is stopped while it is sent', async (_name, isChunked, taken) => {
    const id = await newDraft();
    const { response, sentBytes } = await expectNothingChanged(server, [author.api], () => multipart(id, isChunked));
    await expectProblem(response, 'clip_too_large');
    expect(sentBytes).toBeLessThan(taken + IN_FLIGHT);
  });

  test('a tus upload that says so is not begun', async () => {
    const id = await newDraft();
    await expectNothingChanged(server, [author.api], () =>
      expectProblem(tusCreate(author.api, { challenge_id: id, segment_index: 0 }, CLIP_MAX_BYTES + 1), 'clip_too_large'),
    );
  });

  test('a tus upload that sends more than it said', async () => {
    const id = await newDraft();
    const bytes = new Uint8Array(await readFile(good[0]));
    const created = await tusCreate(author.api, { challenge_id: id, segment_index: 0 }, 1000);
    expect(created.status).toBe(201);
    const response = await tusPatch(author.api, created.headers.get('location') ?? '', 0, bytes);
    expect([400, 409, 413]).toContain(response.status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await ownChallenge(author.api, id)).clips.filter(({ status }) => status === 'ready')).toEqual([]);
  });

  test.each([
    ['a length that says so', false],
    ['no length', true],
  ])('100 MB of JSON with %s', async (_name, isChunked) => {
    const { response, sentBytes } = await expectNothingChanged(server, [author.api], () =>
      sendLazily(server.origin, {
        method: 'POST',
        path: '/api/v1/challenges',
        headers: { authorization: `Bearer ${author.tokens.access_token}`, 'content-type': 'application/json' },
        opening: '{"title":"',
        fillingBytes: 100 * MB,
        isChunked,
      }),
    );
    await expectProblem(response, 'body_too_large');
    expect(sentBytes).toBeLessThan(IN_FLIGHT);
  });

  test('a form with nothing but the promise of one, from nobody, is not read', async () => {
    const id = await newDraft();
    const { response, sentBytes } = await sendLazily(server.origin, {
      method: 'POST',
      path: `/api/v1/challenges/${id}/upload`,
      headers: { 'content-type': 'multipart/form-data; boundary=cut' },
      opening: `--cut\r\n${part}`,
      fillingBytes: CLIP_MAX_BYTES,
      isChunked: true,
    });
    await expectProblem(response, 'unauthenticated');
    expect(sentBytes).toBeLessThan(IN_FLIGHT);
  });
});

test('an author who hangs up in the middle of a form leaves nothing behind', async () => {
  const id = await newDraft();
  await expectNothingChanged(server, [author.api], async () => {
    const form = new AbortController();
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const sent = author.api
      .fetch(`/api/v1/challenges/${id}/upload`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=cut' },
        body: readable,
        signal: form.signal,
        duplex: 'half',
      } as RequestInit)
      .then(
        () => 'answered',
        () => 'aborted',
      );
    await writer.write(new TextEncoder().encode('--cut\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\n\r\n'));
    await writer.write(new Uint8Array(2 * MB));
    form.abort();
    expect(await sent).toBe('aborted');
  });
  expect((await postClip(author.api, id, good[0])).status).toBe(202);
});
