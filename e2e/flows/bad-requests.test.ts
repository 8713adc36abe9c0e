/** Whatever is sent wrongly has its own code of the one table, and changes nothing. */
import type { ProblemCode } from '@2t1l/contract/problems';
import type { OwnChallenge } from '@2t1l/contract/schemas';
import { beforeAll, describe, expect, test } from 'vitest';
import { closeAfterAll } from '../harness/after.ts';
import { type Api, expectProblem, makeApi } from '../harness/api.ts';
import { makeChallenge } from '../harness/challenges.ts';
import { clipMaker } from '../harness/clips.ts';
import { uploadClip } from '../harness/multipart.ts';
import { guestPlayer, type Player, registerPlayer } from '../harness/players.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';
import { tusCreate, tusHead, tusPatch } from '../harness/tus.ts';
import { expectNothingChanged } from '../harness/unchanged.ts';

const NO_ID = '01890000-0000-7000-8000-000000000000';

const scratch = await makeScratch();
let server: Server;
let nobody: Api;
let author: Player;
let stranger: Player;
let detector: Player;
let clips: [string, string, string];
let draft: string;
let ready: OwnChallenge;
let published: OwnChallenge;

beforeAll(async () => {
  clips = await clipMaker(scratch.path).three();
  server = await startServer();
  nobody = makeApi(server.origin);
  author = await registerPlayer(nobody);
  stranger = await registerPlayer(nobody);
  detector = await guestPlayer(nobody);
  draft = (await author.api.call('createChallenge', { body: {} })).id;
  ready = await makeChallenge(author.api, clips);
  published = await makeChallenge(author.api, clips, { lie_index: 0 });
  await detector.api.call('guess', { params: { id: published.id }, body: { guess: 1 } });
});
closeAfterAll(() => [server, scratch]);

interface BadRequest {
  name: string;
  code: ProblemCode;
  send: () => Promise<Response>;
  /** JSON pointers that the problem must name. */
  pointers?: string[];
}

const post = (api: Api, path: string, body?: unknown, type = 'application/json') =>
  api.fetch(`/api/v1${path}`, {
    method: 'POST',
    ...(body === undefined ? {} : { headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const send = (api: Api, method: string, path: string, body?: unknown) =>
  api.fetch(`/api/v1${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

function hold(cases: BadRequest[]) {
  test.each(cases)('$name: $code', async ({ code, send: request, pointers }) => {
    const problem = await expectNothingChanged(server, [author.api, stranger.api], () => expectProblem(request(), code));
    if (pointers !== undefined) {
      expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
    }
  });
}

describe('bodies', () => {
  hold([
    {
      name: 'an unknown field',
      code: 'invalid_request',
      send: () => post(author.api, '/challenges', { title: 'x', surprise: 1 }),
    },
    {
      name: 'a wrong type',
      code: 'invalid_request',
      send: () => post(author.api, '/challenges', { title: 7 }),
      pointers: ['#/title'],
    },
    { name: 'a lie that is none', code: 'invalid_request', send: () => post(author.api, '/challenges', { lie_index: 3 }) },
    { name: 'a guess with a fraction', code: 'invalid_request', send: () => post(stranger.api, guesses(), { guess: 0.5 }) },
    {
      name: 'a confidence of more than sure',
      code: 'invalid_request',
      send: () => post(stranger.api, guesses(), { guess: 0, confidence: 2 }),
    },
    { name: 'an empty guess', code: 'invalid_request', send: () => post(stranger.api, guesses(), {}) },
    { name: 'broken JSON', code: 'malformed_json', send: () => post(author.api, '/challenges', '{"title":') },
    { name: 'another kind of body', code: 'media_type_unsupported', send: () => post(author.api, '/challenges', 'title=x', 'text/csv') },
    { name: 'an id that is none', code: 'invalid_request', send: () => send(author.api, 'GET', '/challenges/7') },
    { name: 'a page of 51', code: 'invalid_request', send: () => send(author.api, 'GET', '/challenges?limit=51') },
    { name: 'a made-up cursor', code: 'invalid_request', send: () => send(author.api, 'GET', '/challenges?cursor=AAAA') },
    { name: 'a title with a line break', code: 'invalid_request', send: () => post(author.api, '/challenges', { title: 'a\nb' }) },
    { name: 'prototype pollution', code: 'malformed_json', send: () => post(author.api, '/challenges', '{"__proto__":{"x":1}}') },
  ]);
});

describe('forms', () => {
  const boundary = (body: string) => post(author.api, `/challenges/${draft}/upload`, body, 'multipart/form-data; boundary=cut');
  const head = (name: string) => `--cut\r\nContent-Disposition: form-data; name="${name}"; filename="a.mp4"\r\n\r\n`;
  hold([
    {
      name: 'no boundary',
      code: 'invalid_request',
      send: () => post(author.api, `/challenges/${draft}/upload`, 'x', 'multipart/form-data'),
    },
    { name: 'nothing in it', code: 'invalid_request', send: () => boundary('--cut--\r\n') },
    { name: 'not a form at all', code: 'invalid_request', send: () => boundary('Two of these are true.') },
    { name: 'no field video', code: 'invalid_request', send: () => boundary(`${head('audio')}abc\r\n--cut--\r\n`) },
    { name: 'cut off in the middle', code: 'invalid_request', send: () => boundary(`${head('video')}abc`) },
    {
      name: 'a segment that is none',
      code: 'invalid_request',
      send: () => boundary(`--cut\r\nContent-Disposition: form-data; name="segment_index"\r\n\r\n3\r\n${head('video')}abc\r\n--cut--\r\n`),
    },
    { name: 'JSON instead', code: 'media_type_unsupported', send: () => post(author.api, `/challenges/${draft}/upload`, {}) },
  ]);
});

describe('addresses', () => {
  hold([
    { name: 'a path that is none', code: 'not_found', send: () => send(author.api, 'GET', '/nothing/here') },
    { name: 'a method that is none', code: 'method_not_allowed', send: () => send(author.api, 'PUT', '/challenges', {}) },
    { name: 'an unknown challenge', code: 'challenge_not_found', send: () => send(author.api, 'GET', `/challenges/${NO_ID}`) },
    { name: 'its reveal', code: 'challenge_not_found', send: () => send(author.api, 'GET', `/challenges/${NO_ID}/reveal`) },
    { name: 'a guess on it', code: 'challenge_not_found', send: () => post(author.api, `/challenges/${NO_ID}/guesses`, { guess: 0 }) },
    { name: 'an unknown session', code: 'session_not_found', send: () => send(author.api, 'DELETE', `/me/sessions/${NO_ID}`) },
    {
      name: 'a blob without a signature',
      code: 'address_invalid',
      send: () => nobody.fetch((published.video_url ?? '').replace(/\?.*/, '')),
    },
    { name: 'a blob with a bent signature', code: 'address_invalid', send: () => nobody.fetch(bend(published.video_url ?? '')) },
  ]);
});

describe('somebody else’s', () => {
  hold(
    [
      ['a draft', () => draft],
      ['a ready one', () => ready.id],
    ].flatMap(([name, id]): BadRequest[] => {
      const of = id as () => string;
      const code = 'challenge_not_found';
      return [
        { name: `looking at ${name}`, code, send: () => send(stranger.api, 'GET', `/challenges/${of()}`) },
        { name: `changing ${name}`, code, send: () => send(stranger.api, 'PATCH', `/challenges/${of()}`, { title: 'mine' }) },
        { name: `deleting ${name}`, code, send: () => send(stranger.api, 'DELETE', `/challenges/${of()}`) },
        { name: `processing ${name}`, code, send: () => post(stranger.api, `/challenges/${of()}/process`) },
        { name: `publishing ${name}`, code, send: () => post(stranger.api, `/challenges/${of()}/publish`, { lie_index: 0 }) },
        { name: `guessing ${name}`, code, send: () => post(stranger.api, `/challenges/${of()}/guesses`, { guess: 0 }) },
        { name: `listening to ${name}`, code, send: () => send(stranger.api, 'GET', `/challenges/${of()}/events`) },
      ];
    }),
  );

  test('uploading to it: challenge_not_found', async () => {
    await expectNothingChanged(server, [author.api, stranger.api], async () => {
      const form = new FormData();
      form.set('video', new Blob(['x']), 'a.mp4');
      await expectProblem(stranger.api.fetch(`/api/v1/challenges/${draft}/upload`, { method: 'POST', body: form }), 'challenge_not_found');
    });
  });
});

describe('out of turn', () => {
  hold([
    { name: 'process without clips', code: 'clips_missing', send: () => post(author.api, `/challenges/${draft}/process`) },
    { name: 'publish a draft', code: 'not_ready', send: () => post(author.api, `/challenges/${draft}/publish`, { lie_index: 0 }) },
    { name: 'publish without a lie', code: 'lie_missing', send: () => post(author.api, `/challenges/${ready.id}/publish`, {}) },
    { name: 'reveal before the guess', code: 'guess_first', send: () => send(stranger.api, 'GET', `/challenges/${published.id}/reveal`) },
    { name: 'reveal for nobody', code: 'unauthenticated', send: () => send(nobody, 'GET', `/challenges/${published.id}/reveal`) },
    { name: 'a guess on one’s own', code: 'own_challenge', send: () => post(author.api, guesses(), { guess: 0 }) },
    { name: 'a second guess', code: 'already_guessed', send: () => post(detector.api, guesses(), { guess: 0 }) },
    {
      name: 'another lie afterwards',
      code: 'challenge_locked',
      send: () => post(author.api, `/challenges/${published.id}/publish`, { lie_index: 2 }),
    },
    {
      name: 'a PATCH of the lie afterwards',
      code: 'challenge_locked',
      send: () => send(author.api, 'PATCH', `/challenges/${published.id}`, { lie_index: 2 }),
    },
    {
      name: 'another story afterwards',
      code: 'challenge_locked',
      send: () => send(author.api, 'PATCH', `/challenges/${published.id}`, { story: 'new' }),
    },
  ]);

  test('a fourth clip: too_many_clips; a clip after publishing: challenge_locked', async () => {
    const { id } = await author.api.call('createChallenge', { body: {} });
    for (const path of clips) {
      await uploadClip(author.api, id, path);
    }
    await author.api.call('process', { params: { id } }).catch(() => undefined);
    const clip = async (challengeId: string) => {
      const form = new FormData();
      form.set('video', new Blob(['another']), 'a.mp4');
      return author.api.fetch(`/api/v1/challenges/${challengeId}/upload`, { method: 'POST', body: form });
    };
    await expectNothingChanged(server, [stranger.api], async () => {
      await expectProblem(clip(ready.id), 'too_many_clips');
      await expectProblem(clip(published.id), 'challenge_locked');
    });
  });

  test('without the terms: terms_required; too young: too_young; then nothing is published', async () => {
    const undecided = await registerPlayer(nobody, { terms: false });
    const challenge = await makeChallenge(undecided.api, clips);
    const publish = () => post(undecided.api, `/challenges/${challenge.id}/publish`, { lie_index: 1 });
    await expectNothingChanged(server, [undecided.api], () => expectProblem(publish(), 'terms_required'));
    const young = await undecided.api.fetch('/api/v1/me/consents', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ terms: true, birth_year: new Date().getUTCFullYear() - 10 }),
    });
    await expectProblem(young.ok ? publish() : young, 'too_young');
    expect(await undecided.api.call('challenge', { params: { id: challenge.id } })).toMatchObject({ status: 'ready' });
  });
});

describe('tus', () => {
  const bytes = new Uint8Array(1000).fill(7);
  const begin = async () => {
    const created = await tusCreate(author.api, { challenge_id: draft, segment_index: 0 }, 2000);
    expect(created.status).toBe(201);
    return created.headers.get('location') ?? '';
  };
  const offsetOf = async (url: string) => (await tusHead(author.api, url)).headers.get('upload-offset');

  test('wrong offset, foreign upload, nobody, wrong type: each its code, and the upload stands where it stood', async () => {
    const url = await begin();
    expect((await tusPatch(author.api, url, 0, bytes)).status).toBe(204);
    await expectNothingChanged(server, [author.api, stranger.api], async () => {
      await expectProblem(tusPatch(author.api, url, 0, bytes), 'upload_offset_wrong');
      await expectProblem(tusPatch(author.api, url, 1500, bytes), 'upload_offset_wrong');
      await expectProblem(tusPatch(stranger.api, url, 1000, bytes), 'upload_not_found');
      await expectProblem(tusPatch(nobody, url, 1000, bytes), 'unauthenticated');
      await expectProblem(tusPatch(author.api, url, 1000, bytes, { 'content-type': 'text/plain' }), 'media_type_unsupported');
      await expectProblem(tusPatch(author.api, url, 1000, bytes, { 'tus-resumable': '0.2.2' }), 'tus_version_unsupported');
      expect((await tusHead(stranger.api, url)).status).toBe(404);
      expect((await tusHead(nobody, url)).status).toBe(401);
    });
    expect(await offsetOf(url)).toBe('1000');
    const ended = await author.api.fetch(url, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } });
    expect(ended.status).toBe(204);
    expect((await tusHead(author.api, url)).status).toBe(404);
    await expectProblem(tusPatch(author.api, url, 1000, bytes), 'upload_not_found');
  });

  test('other bytes for a published clip: challenge_locked, and the clip is as it was', async () => {
    const created = await tusCreate(author.api, { challenge_id: published.id, segment_index: 0 }, bytes.length);
    // The same bytes would be no change, so it shows only at the last one.
    const response = created.ok ? await tusPatch(author.api, created.headers.get('location') ?? '', 0, bytes) : created;
    await expectProblem(response, 'challenge_locked');
    expect(await author.api.call('challenge', { params: { id: published.id } })).toMatchObject({
      status: 'published',
      clips: published.clips,
    });
  });

  hold([
    { name: 'an unknown upload', code: 'upload_not_found', send: () => tusPatch(author.api, `/api/v1/uploads/${NO_ID}`, 0, bytes) },
    { name: 'a path as upload', code: 'upload_not_found', send: () => tusPatch(author.api, '/api/v1/uploads/..%2Fapp.db', 0, bytes) },
    { name: 'for nobody', code: 'unauthenticated', send: () => tusCreate(nobody, { challenge_id: draft, segment_index: 0 }, 10) },
    {
      name: 'for somebody else’s draft',
      code: 'challenge_not_found',
      send: () => tusCreate(stranger.api, { challenge_id: draft, segment_index: 0 }, 10),
    },
    {
      name: 'for an unknown challenge',
      code: 'challenge_not_found',
      send: () => tusCreate(author.api, { challenge_id: NO_ID, segment_index: 0 }, 10),
    },
    {
      name: 'a segment that is none',
      code: 'invalid_request',
      send: () => tusCreate(author.api, { challenge_id: draft, segment_index: 3 }, 10),
    },
    {
      name: 'no metadata',
      code: 'invalid_request',
      send: () => tusCreate(author.api, { challenge_id: draft, segment_index: 0 }, 10, { 'upload-metadata': '' }),
    },
    {
      name: 'another version',
      code: 'tus_version_unsupported',
      send: () => tusCreate(author.api, { challenge_id: draft, segment_index: 0 }, 10, { 'tus-resumable': '0.2.2' }),
    },
  ]);
});

function guesses(): string {
  return `/challenges/${published.id}/guesses`;
}

/** The same address with one letter of its signature changed. */
function bend(url: string): string {
  return url.replace(/sig=(.)/, (_all, first: string) => `sig=${first === 'A' ? 'B' : 'A'}`);
}
