import { createHash, randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildChallenge } from '../../test/factories.ts';
import { MAX_BYTES, type UploadServer, uploadServer } from '../../test/uploading.ts';
import { hashFile, reserveBlob } from '../flow/keep-blob.ts';
import { transact } from '../store/transact.ts';
import { buildApp } from './app.ts';

const TUS = { 'tus-resumable': '1.0.0' };
const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' };
const base64 = (text: string) => Buffer.from(text).toString('base64');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Ask {
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer> | ReadableStream;
  token?: string | null;
}

function ask(server: UploadServer, method: string, path: string, { headers = {}, body, token = server.token }: Ask = {}) {
  return fetch(server.origin + path, {
    method,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  } as RequestInit);
}

const metadata = (challenge_id: string, index?: number) =>
  `challenge_id ${base64(challenge_id)}${index === undefined ? '' : `,segment_index ${base64(String(index))}`},filename ${base64('a.mp4')}`;

function create(server: UploadServer, headers: Record<string, string>, more: Ask = {}) {
  const all = { ...TUS, 'upload-metadata': metadata(server.challenge_id), ...headers };
  return ask(server, 'POST', '/api/v1/uploads', { ...more, headers: all });
}

async function begin(server: UploadServer, headers: Record<string, string>): Promise<string> {
  const answer = await create(server, headers);
  expect(answer.status).toBe(201);
  return answer.headers.get('location') ?? '';
}

const patch = (
  server: UploadServer,
  path: string,
  offset: number,
  body: Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = {},
) => ask(server, 'PATCH', path, { headers: { ...BYTES, 'upload-offset': String(offset), ...headers }, body });
const head = (server: UploadServer, path: string, token?: string) =>
  ask(server, 'HEAD', path, { headers: TUS, ...(token === undefined ? {} : { token }) });
const code = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
const clips = (server: UploadServer) =>
  server.at.ports.db.selectFrom('clips').select(['id', 'segment_index', 'source_hash', 'size_bytes']).execute();
const bytes = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(size));

test('a clip in two pieces: the offset is told, the last piece names the clip, and so does a later HEAD', async () => {
  await using server = await uploadServer();
  const data = bytes(100_000);
  const path = await begin(server, { 'upload-length': '100000' });
  const first = await patch(server, path, 0, data.subarray(0, 60_000));
  expect([first.status, first.headers.get('upload-offset'), first.headers.get('upload-clip')]).toEqual([204, '60000', null]);
  expect(Date.parse(first.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now());
  expect((await head(server, path)).headers.get('upload-offset')).toBe('60000');
  const last = await patch(server, path, 60_000, data.subarray(60_000));
  const [clip] = await clips(server);
  expect([last.status, last.headers.get('upload-offset'), last.headers.get('upload-clip')]).toEqual([204, '100000', clip?.id]);
  expect(clip).toMatchObject({ segment_index: 0, source_hash: sha256(data), size_bytes: 100_000 });
  const after = await head(server, path);
  expect([after.headers.get('upload-offset'), after.headers.get('upload-length'), after.headers.get('upload-clip')]).toEqual([
    '100000',
    '100000',
    clip?.id,
  ]);
  const again = await patch(server, path, 100_000, new Uint8Array());
  expect([again.status, again.headers.get('upload-clip')]).toEqual([204, clip?.id]);
  expect(await clips(server)).toHaveLength(1);
  expect(await readdir(server.at.ports.folders.uploads)).toEqual([]);
});

test('all in the creating request', async () => {
  await using server = await uploadServer();
  const data = bytes(5000);
  const answer = await create(server, { ...BYTES, 'upload-length': '5000' }, { body: data });
  const [clip] = await clips(server);
  expect([answer.status, answer.headers.get('upload-offset'), answer.headers.get('upload-clip')]).toEqual([201, '5000', clip?.id]);
});

test('a length that is told at the end', async () => {
  await using server = await uploadServer();
  const data = bytes(3000);
  const path = await begin(server, { 'upload-defer-length': '1' });
  await patch(server, path, 0, data);
  expect((await head(server, path)).headers.get('upload-defer-length')).toBe('1');
  const last = await patch(server, path, 3000, new Uint8Array(), { 'upload-length': '3000' });
  expect(last.headers.get('upload-clip')).toBe((await clips(server))[0]?.id);
});

test('places: as asked, or in order for uploads side by side', async () => {
  await using server = await uploadServer();
  for (const index of [0, 1, 2]) {
    await begin(server, { 'upload-length': '10' });
    const rows = await server.at.ports.db.selectFrom('uploads').select('segment_index').orderBy('id').execute();
    expect(rows.at(-1)?.segment_index).toBe(index);
  }
  await begin(server, { 'upload-length': '10', 'upload-metadata': metadata(server.challenge_id, 2) });
  const rows = await server.at.ports.db.selectFrom('uploads').select('segment_index').orderBy('id').execute();
  expect(rows.map((row) => row.segment_index)).toEqual([0, 1, 2, 2]);
});

test('too many bytes: at creation, while streaming without a length, and beyond the length', async () => {
  await using server = await uploadServer();
  expect(await code(await create(server, { 'upload-length': String(MAX_BYTES + 1) }))).toEqual([413, 'clip_too_large']);
  const open = await begin(server, { 'upload-defer-length': '1' });
  expect(await code(await patch(server, open, 0, bytes(MAX_BYTES + 1)))).toEqual([413, 'clip_too_large']);
  const stream = () => new Blob([bytes(MAX_BYTES + 100_000)]).stream();
  expect(await code(await patch(server, open, 0, stream()))).toEqual([413, 'clip_too_large']);
  const short = await begin(server, { 'upload-length': '10' });
  expect(await code(await patch(server, short, 0, bytes(11)))).toEqual([413, 'body_too_large']);
  expect(await code(await patch(server, short, 0, stream()))).toEqual([413, 'body_too_large']);
  expect(await clips(server)).toEqual([]);
});

test('wrong offset, version, kind of body, metadata', async () => {
  await using server = await uploadServer();
  const path = await begin(server, { 'upload-length': '10' });
  expect(await code(await patch(server, path, 5, bytes(5)))).toEqual([409, 'upload_offset_wrong']);
  const version = await ask(server, 'PATCH', path, {
    headers: { ...BYTES, 'tus-resumable': '0.2.0', 'upload-offset': '0' },
    body: bytes(5),
  });
  expect(version.headers.get('tus-version')).toBe('1.0.0');
  expect(await code(version)).toEqual([412, 'tus_version_unsupported']);
  expect(await code(await ask(server, 'POST', '/api/v1/uploads', { headers: { 'upload-length': '1' } }))).toEqual([
    412,
    'tus_version_unsupported',
  ]);
  const json = await ask(server, 'PATCH', path, {
    headers: { ...TUS, 'upload-offset': '0', 'content-type': 'text/plain' },
    body: bytes(5),
  });
  expect(await code(json)).toEqual([415, 'media_type_unsupported']);
  expect(await code(await ask(server, 'PATCH', path, { headers: BYTES, body: bytes(5) }))).toEqual([400, 'invalid_request']);
  expect(await code(await create(server, {}))).toEqual([400, 'invalid_request']);
  expect(await code(await create(server, { 'upload-length': '-5' }))).toEqual([400, 'invalid_request']);
  for (const wrong of ['', 'challenge_id', `challenge_id ${base64('x')}`, metadata(server.challenge_id, 3), '%%%']) {
    expect(await code(await create(server, { 'upload-length': '10', 'upload-metadata': wrong }))).toEqual([400, 'invalid_request']);
  }
  expect((await head(server, path)).headers.get('upload-offset')).toBe('0');
});

test('an upload is its owner’s alone', async () => {
  await using server = await uploadServer();
  const path = await begin(server, { 'upload-length': '10' });
  const put = { ...BYTES, 'upload-offset': '0' };
  for (const [method, headers] of [
    ['PATCH', put],
    ['DELETE', TUS],
  ] as const) {
    const body = method === 'PATCH' ? { body: bytes(10) } : {};
    expect(await code(await ask(server, method, path, { headers, ...body, token: server.stranger }))).toEqual([404, 'upload_not_found']);
    expect(await code(await ask(server, method, path, { headers, ...body, token: null }))).toEqual([401, 'unauthenticated']);
  }
  expect([
    (await head(server, path, server.stranger)).status,
    (await ask(server, 'HEAD', path, { headers: TUS, token: null })).status,
  ]).toEqual([404, 401]);
  expect(await code(await ask(server, 'PATCH', '/api/v1/uploads/nothing', { headers: put, body: bytes(1) }))).toEqual([
    404,
    'upload_not_found',
  ]);
  expect((await head(server, path)).headers.get('upload-offset')).toBe('0');
});

test('what else stands in the address or names another method reaches no other upload than the own one', async () => {
  await using server = await uploadServer();
  const id = (await begin(server, { 'upload-length': '10' })).split('/').at(-1);
  const { ports } = server.at;
  const own = await server.at.call('POST', '/challenges', { token: server.stranger, body: {} });
  const mine = await create(
    server,
    { 'upload-length': '20', 'upload-metadata': metadata(own.json<{ id: string }>().id) },
    { token: server.stranger },
  );
  const path = `${mine.headers.get('location')}?x=/${id}`;
  const by = (method: string, at: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) =>
    ask(server, method, at, { headers: { ...BYTES, ...headers }, token: server.stranger, ...(body === undefined ? {} : { body }) });
  expect((await by('HEAD', path, {})).headers.get('upload-length')).toBe('20');
  await by('PATCH', path, { 'upload-offset': '0' }, bytes(10));
  await by('POST', `/api/v1/uploads?x=/${id}`, { 'upload-offset': '0', 'x-http-method-override': 'PATCH' }, bytes(10));
  await by('POST', `/api/v1/uploads?x=/${id}`, { 'x-http-method-override': 'DELETE' });
  await by('DELETE', path, {});
  expect((await ports.db.selectFrom('uploads').select('id').execute()).map((row) => row.id)).toEqual([id]);
  expect((await hashFile(join(ports.folders.uploads, id ?? ''))).size_bytes).toBe(0);
  expect(await clips(server)).toEqual([]);
});

test('no upload into a challenge that is foreign, unknown or locked', async () => {
  await using server = await uploadServer();
  const { ports } = server.at;
  const foreign = await buildChallenge(ports);
  const locked = await buildChallenge(ports, { author_id: server.player_id, status: 'published' });
  for (const [id, problem] of [
    [foreign.id, [404, 'challenge_not_found']],
    [ports.ids.next(), [404, 'challenge_not_found']],
    [locked.id, [409, 'challenge_locked']],
  ] as const) {
    expect(await code(await create(server, { 'upload-length': '10', 'upload-metadata': metadata(id, 0) }))).toEqual(problem);
  }
});

test('termination and expiry', async () => {
  await using server = await uploadServer();
  const path = await begin(server, { 'upload-length': '10' });
  expect((await ask(server, 'DELETE', path, { headers: TUS })).status).toBe(204);
  expect((await head(server, path)).status).toBe(404);
  expect(await readdir(server.at.ports.folders.uploads)).toEqual([]);
  const late = await begin(server, { 'upload-length': '10' });
  await transact(server.at.ports.db, (tx) => tx.updateTable('uploads').set({ expires_at: '2020-01-01T00:00:00.000Z' }).execute());
  expect(await code(await patch(server, late, 0, bytes(10)))).toEqual([410, 'upload_expired']);
});

test('of two writers at once the second is turned away, and a broken transfer goes on where it stopped', async () => {
  await using server = await uploadServer();
  const data = bytes(100_000);
  const path = await begin(server, { 'upload-length': '100000' });
  const slow = httpRequest(server.origin + path, {
    method: 'PATCH',
    headers: { ...BYTES, authorization: `Bearer ${server.token}`, 'upload-offset': '0', 'content-length': '100000' },
  });
  slow.on('error', () => {});
  slow.write(data.subarray(0, 50_000));
  const file = join(server.at.ports.folders.uploads, path.split('/').at(-1) ?? '');
  await expect.poll(async () => (await hashFile(file)).size_bytes).toBe(50_000);
  expect(await code(await patch(server, path, 50_000, data.subarray(50_000)))).toEqual([423, 'upload_locked']);
  slow.destroy();
  await expect.poll(async () => (await head(server, path)).headers.get('upload-offset')).toBe('50000');
  const rest = await patch(server, path, 50_000, data.subarray(50_000));
  expect(rest.status).toBe(204);
  expect((await clips(server))[0]?.source_hash).toBe(sha256(data));
});

test('after a restart the hash is that of the whole', async () => {
  await using server = await uploadServer();
  const data = bytes(90_000);
  const path = await begin(server, { 'upload-length': '90000' });
  await patch(server, path, 0, data.subarray(0, 45_000));
  const next = await buildApp(server.at.ports, server.at.ports.config);
  const origin = await next.listen({ port: 0, host: '127.0.0.1' });
  try {
    const answer = await patch({ ...server, origin }, path, 45_000, data.subarray(45_000));
    expect(answer.headers.get('upload-clip')).toBe((await clips(server))[0]?.id);
    expect((await clips(server))[0]?.source_hash).toBe(sha256(data));
  } finally {
    await next.close();
  }
});

test.each(['before', 'after'])(
  'a kill between the last byte and the clip, %s the bytes have moved: the next requests finish it once',
  async (when) => {
    await using server = await uploadServer();
    const { ports } = server.at;
    const data = bytes(2000);
    const path = await begin(server, { 'upload-length': '2000' });
    const id = path.split('/').at(-1) ?? '';
    const file = join(ports.folders.uploads, id);
    await writeFile(file, data);
    if (when === 'after') {
      await reserveBlob({ owner: `upload:${id}`, hash: sha256(data) }, ports);
      await ports.blobs.put(file, sha256(data));
    }
    const answers = await Promise.all([head(server, path), head(server, path), patch(server, path, 2000, new Uint8Array())]);
    const made = await clips(server);
    expect(made).toMatchObject([{ source_hash: sha256(data), size_bytes: 2000 }]);
    // One of three at once may find the upload locked; whoever gets through names the one clip.
    const named = answers.filter((answer) => answer.status !== 423).map((answer) => answer.headers.get('upload-clip'));
    expect(new Set(named)).toEqual(new Set([made[0]?.id]));
    expect(await ports.db.selectFrom('blob_refs').select('owner').execute()).toEqual([{ owner: `clip:${made[0]?.id}:source` }]);
  },
);

test('OPTIONS says what is spoken', async () => {
  await using server = await uploadServer();
  const answer = await ask(server, 'OPTIONS', '/api/v1/uploads', { token: null });
  expect([answer.status, answer.headers.get('tus-version'), answer.headers.get('tus-max-size')]).toEqual([204, '1.0.0', String(MAX_BYTES)]);
  expect(answer.headers.get('tus-extension')).toBe('creation,creation-with-upload,creation-defer-length,termination,expiration');
});

test('a full disk is said', async () => {
  await using real = await uploadServer();
  const blobs = { ...real.at.ports.blobs, put: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) };
  await using server = await uploadServer({ blobs });
  const path = await begin(server, { 'upload-length': '10' });
  expect(await code(await patch(server, path, 0, bytes(10)))).toEqual([507, 'storage_full']);
  expect(await clips(server)).toEqual([]);
});
