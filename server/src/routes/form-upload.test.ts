import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { buildChallenge } from '../../test/factories.ts';
import { MAX_BYTES, type UploadServer, uploadServer } from '../../test/uploading.ts';

const bytes = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(size));
const file = (data: Uint8Array<ArrayBuffer>) => new Blob([data], { type: 'video/mp4' });

function form(...fields: readonly (readonly [string, string | Blob])[]): FormData {
  const made = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') {
      made.append(name, value);
    } else {
      made.append(name, value, 'clip.mp4');
    }
  }
  return made;
}

function send(
  server: UploadServer,
  body: FormData | Blob | ReadableStream | string,
  options: { token?: string | null; id?: string; headers?: Record<string, string> } = {},
) {
  const { token = server.token, id = server.challenge_id, headers = {} } = options;
  return fetch(`${server.origin}/challenges/${id}/upload`, {
    method: 'POST',
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    body,
    duplex: 'half',
  } as RequestInit);
}

interface Answer {
  code?: string;
  errors?: { pointer: string }[];
  clip?: { id: string; segment_index: number };
}
const read = async (answer: Response) => ({ status: answer.status, ...((await answer.json()) as Answer) });
const left = (server: UploadServer) => readdir(server.at.ports.folders.uploads);
const clips = (server: UploadServer) =>
  server.at.ports.db.selectFrom('clips').select(['segment_index', 'source_hash', 'size_bytes']).execute();

test('three forms fill the three places in order, a fourth is one too many', async () => {
  await using server = await uploadServer();
  for (const index of [0, 1, 2]) {
    const data = bytes(1000 + index);
    const answer = await read(await send(server, form(['video', file(data)])));
    expect(answer).toMatchObject({ status: 202, clip: { segment_index: index, status: 'checking', size_bytes: 1000 + index } });
    const hash = createHash('sha256').update(data).digest('hex');
    expect((await clips(server))[index]).toMatchObject({ source_hash: hash });
  }
  expect(await read(await send(server, form(['video', file(bytes(10))])))).toMatchObject({ status: 409, code: 'too_many_clips' });
  expect(await left(server)).toEqual([]);
});

test('the index stands before or after the file; the same bytes there again are the same clip', async () => {
  await using server = await uploadServer();
  const data = bytes(500);
  const first = await read(await send(server, form(['segment_index', '2'], ['video', file(data)])));
  expect(first.clip?.segment_index).toBe(2);
  const again = await read(await send(server, form(['video', file(data)], ['segment_index', '2'])));
  expect(again.clip?.id).toBe(first.clip?.id);
  expect(await clips(server)).toHaveLength(1);
});

test.each([
  ['a wrong field', form(['film', file(bytes(10))]), '#/film'],
  ['a text instead of a file', form(['video', 'abc']), '#/video'],
  ['no file', form(['segment_index', '1']), '#/video'],
  ['two files', form(['video', file(bytes(10))], ['video', file(bytes(10))]), '#/video'],
  ['an index that is none', form(['segment_index', '3'], ['video', file(bytes(10))]), '#/segment_index'],
  ['an unknown field', form(['video', file(bytes(10))], ['title', 'x']), '#/title'],
])('%s is refused by name', async (_, body, pointer) => {
  await using server = await uploadServer();
  const answer = await read(await send(server, body));
  expect(answer).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ pointer }] });
  expect([await left(server), await clips(server)]).toEqual([[], []]);
});

test('what is no form, an empty one, a broken one', async () => {
  await using server = await uploadServer();
  const raw = await send(server, file(bytes(10)), { headers: { 'content-type': 'video/mp4' } });
  expect(await read(raw)).toMatchObject({ status: 415, code: 'media_type_unsupported' });
  expect(await read(await send(server, '{}', { headers: { 'content-type': 'application/json' } }))).toMatchObject({ status: 415 });
  const type = { 'content-type': 'multipart/form-data; boundary=b' };
  for (const body of ['', '--b\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\nabc', 'nonsense']) {
    expect(await read(await send(server, body, { headers: type }))).toMatchObject({ status: 400, code: 'invalid_request' });
  }
  expect(await left(server)).toEqual([]);
});

test('too large a file: announced, and while it streams; the connection goes on', async () => {
  await using server = await uploadServer();
  const large = form(['video', file(bytes(MAX_BYTES + 1))]);
  expect(await read(await send(server, large))).toMatchObject({ status: 413, code: 'clip_too_large' });
  expect(await read(await send(server, form(['video', file(bytes(MAX_BYTES * 20))])))).toMatchObject({
    status: 413,
    code: 'clip_too_large',
  });
  const packed = new Response(form(['video', file(bytes(MAX_BYTES + 100_000))]));
  const headers = { 'content-type': packed.headers.get('content-type') ?? '' };
  expect(await read(await send(server, packed.body as ReadableStream, { headers }))).toMatchObject({ status: 413, code: 'clip_too_large' });
  expect(await left(server)).toEqual([]);
  const exact = await send(server, form(['video', file(bytes(MAX_BYTES))]));
  expect(exact.status).toBe(202);
});

test('a file without an end is stopped where the limit is', async () => {
  await using server = await uploadServer();
  const head = '--b\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\n';
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 10_000;
      controller.enqueue(sent === 10_000 ? new TextEncoder().encode(head) : bytes(10_000));
    },
  });
  const answer = await send(server, endless, { headers: { 'content-type': 'multipart/form-data; boundary=b' } });
  expect(await read(answer)).toMatchObject({ status: 413, code: 'clip_too_large' });
  await expect.poll(() => left(server)).toEqual([]);
});

/** A form that is begun and not ended. */
function begin(server: UploadServer) {
  const headers = {
    authorization: `Bearer ${server.token}`,
    'content-type': 'multipart/form-data; boundary=b',
    'content-length': '100000',
  };
  const sending = httpRequest(`${server.origin}/challenges/${server.challenge_id}/upload`, { method: 'POST', headers });
  sending.on('error', () => {});
  sending.write(`--b\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\n${'x'.repeat(50_000)}`);
  return sending;
}

test('a sender that goes away leaves nothing', async () => {
  await using server = await uploadServer();
  const sending = begin(server);
  await expect.poll(() => left(server)).toHaveLength(1);
  sending.destroy();
  await expect.poll(() => left(server)).toEqual([]);
  expect(await clips(server)).toEqual([]);
});

test('a player has three forms on their way; each that ends makes room for another', async () => {
  await using server = await uploadServer();
  const sending = [begin(server), begin(server), begin(server)];
  await expect.poll(() => left(server)).toHaveLength(3);
  const refused = await send(server, form(['video', file(bytes(10))]));
  expect([refused.headers.get('retry-after'), await read(refused)]).toMatchObject(['5', { status: 429, code: 'too_many_requests' }]);
  expect(await left(server)).toHaveLength(3);
  // Another player is not concerned.
  expect(await read(await send(server, form(), { token: server.stranger }))).toMatchObject({ status: 404 });
  sending[0]?.destroy();
  await expect.poll(async () => (await send(server, form(['video', file(bytes(10))]))).status).toBe(202);
});

test('one’s own open challenges only', async () => {
  await using server = await uploadServer();
  const { ports } = server.at;
  const body = () => form(['video', file(bytes(10))]);
  expect(await read(await send(server, body(), { token: null }))).toMatchObject({ status: 401, code: 'unauthenticated' });
  expect(await read(await send(server, body(), { token: server.stranger }))).toMatchObject({ status: 404, code: 'challenge_not_found' });
  expect(await read(await send(server, body(), { id: ports.ids.next() }))).toMatchObject({ status: 404, code: 'challenge_not_found' });
  expect(await read(await send(server, body(), { id: 'x' }))).toMatchObject({ status: 400, code: 'invalid_request' });
  const locked = await buildChallenge(ports, { author_id: server.player_id, status: 'published' });
  expect(await read(await send(server, body(), { id: locked.id }))).toMatchObject({ status: 409, code: 'challenge_locked' });
  expect(await left(server)).toEqual([]);
});

test('a full disk is said, and nothing is kept', async () => {
  await using real = await uploadServer();
  const blobs = { ...real.at.ports.blobs, put: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) };
  await using server = await uploadServer({ blobs });
  expect(await read(await send(server, form(['video', file(bytes(10))])))).toMatchObject({ status: 507, code: 'storage_full' });
  expect([await left(server), await clips(server)]).toEqual([[], []]);
});
