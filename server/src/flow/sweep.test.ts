import { randomBytes } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { buildBlob, buildChallenge, buildPlayer, runningJob } from '../../test/factories.ts';
import { buildPorts, fakeClock, type TestPorts } from '../../test/ports.ts';
import { insertRef } from '../store/blob-refs.ts';
import { findChallenge, updateChallenge } from '../store/challenges.ts';
import { transact } from '../store/transact.ts';
import { beginUpload } from './begin-upload.ts';
import { deleteChallenge } from './delete-challenge.ts';
import { hashFile, keepFile, releaseBlob, reserveBlob } from './keep-blob.ts';
import { beginSweeping, expireUploads, releaseClips, sweep, sweepBlobs } from './sweep.ts';
import { sweepFolders } from './sweep-folders.ts';
import { takeGuess } from './take-guess.ts';
import { DAY, HOUR, MINUTE } from './times.ts';
import { workFolder } from './work-folder.ts';

async function setting() {
  const clock = fakeClock(Date.now());
  const ports = await buildPorts({ clock });
  return { clock, ports };
}

const there = async (ports: TestPorts, hash: string): Promise<boolean> => (await ports.blobs.stat(hash)) !== null;

test('the blobs of a deleted challenge are gone within the hour, those that another owner needs stay', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const { id, author_id } = await buildChallenge(ports, { status: 'published' });
  const shared = randomBytes(100);
  const kept = await buildBlob(ports, 'clip:theirs:source', shared);
  await buildBlob(ports, 'clip:mine:source', shared);
  const { merged_video_url } = (await findChallenge(ports.db, id)) ?? {};
  const video = merged_video_url?.slice('blob:'.length) ?? '';
  await deleteChallenge({ challenge_id: id, player_id: author_id }, ports);
  await transact(ports.db, (tx) => releaseBlob(tx, 'clip:mine:source', ports));
  await sweepBlobs(ports);
  expect(await there(ports, video)).toBe(true);
  clock.pass(11 * MINUTE);
  await sweepBlobs(ports);
  await sweepBlobs(ports);
  expect(await there(ports, video)).toBe(false);
  expect(await there(ports, kept)).toBe(true);
  expect(await ports.db.selectFrom('blob_refs').select('owner').execute()).toEqual([{ owner: 'clip:theirs:source' }]);
});

test('a blob that is stored but not yet referred to survives ten minutes, and no longer', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const path = join(ports.folders.work, 'file');
  await writeFile(path, 'bytes of a step');
  const { hash } = await hashFile(path);
  await keepFile(path, hash, ports);
  clock.pass(9 * MINUTE);
  await sweepBlobs(ports);
  expect(await there(ports, hash)).toBe(true);
  clock.pass(2 * MINUTE);
  await sweepBlobs(ports);
  expect(await there(ports, hash)).toBe(false);
});

test('who stores the bytes that are being deleted waits; a deletion that a kill broke off is done by the next sweep', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const hash = await buildBlob(ports, 'put:dead');
  clock.pass(11 * MINUTE);
  let reserved: Promise<unknown> = Promise.resolve();
  const order: string[] = [];
  const blobs = {
    ...ports.blobs,
    async delete(dying: string) {
      reserved = reserveBlob({ owner: 'put:next', hash: dying }, ports).then(() => order.push('reserved'));
      await new Promise((resolve) => setTimeout(resolve, 120));
      await ports.blobs.delete(dying);
      order.push('deleted');
    },
  };
  await sweepBlobs({ ...ports, blobs });
  await reserved;
  expect(order).toEqual(['deleted', 'reserved']);

  const broken = await buildBlob(ports, 'clip:broken:source');
  await transact(ports.db, async (tx) => {
    await tx.deleteFrom('blob_refs').where('hash', '=', broken).execute();
    await insertRef(tx, { owner: `sweep:${broken}`, hash: broken }, new Date(clock.now()).toISOString());
  });
  clock.pass(9 * MINUTE);
  await transact(ports.db, (tx) => tx.deleteFrom('blob_refs').where('hash', '=', hash).execute());
  clock.pass(2 * MINUTE);
  await sweepBlobs(ports);
  expect(await there(ports, broken)).toBe(false);
});

test('clips let their files go a day after publishing, once', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const { id } = await buildChallenge(ports, { status: 'published' });
  const clip = { id: 'c', challenge_id: id, segment_index: 0, status: 'ready', reasons: '[]', notices: '[]', size_bytes: 1 } as const;
  const hash = await buildBlob(ports, 'clip:c:source');
  await transact(ports.db, async (tx) => {
    await tx
      .insertInto('clips')
      .values({ ...clip, source_hash: hash, created_at: '', updated_at: '' })
      .execute();
    await updateChallenge(tx, id, { clips_until: new Date(clock.now() + DAY).toISOString() });
  });
  clock.pass(DAY - 1);
  await releaseClips(ports);
  expect(await ports.db.selectFrom('blob_refs').select('owner').where('owner', '=', 'clip:c:source').execute()).toHaveLength(1);
  clock.pass(1);
  await releaseClips(ports);
  clock.pass(11 * MINUTE);
  await sweepBlobs(ports);
  expect(await there(ports, hash)).toBe(false);
  expect(await findChallenge(ports.db, id)).toMatchObject({ clips_until: null, status: 'published' });
});

test('uploads end after a day, their files with them; one that may go on keeps its file', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const { id, author_id } = await buildChallenge(ports);
  const delivery = { challenge_id: id, player_id: author_id, segment_index: null };
  await beginUpload('alive', delivery, { size: 10, metadata: {}, clip_id: null }, ports);
  const old = new Date(clock.now() - 3 * HOUR);
  for (const name of ['alive', 'form-left', 'unknown']) {
    await writeFile(join(ports.folders.uploads, name), 'x');
    await utimes(join(ports.folders.uploads, name), old, old);
  }
  await writeFile(join(ports.folders.uploads, 'form-new'), 'x');
  const folder = await workFolder('merge-clips', ports);
  await utimes(folder.path, old, old);
  const running = await workFolder('check-clip', ports);
  await expireUploads(ports);
  await sweepFolders(ports);
  expect(await readdir(ports.folders.work)).toEqual([basename(running.path)]);
  expect((await readdir(ports.folders.uploads)).sort()).toEqual(['alive', 'form-new']);
  clock.pass(DAY);
  await expireUploads(ports);
  await sweepFolders(ports);
  expect(await readdir(ports.folders.uploads)).toEqual([]);
});

test('old events, keys and refresh tokens go; a spent token stays as long as it would have lived', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const { id, author_id } = await buildChallenge(ports, { status: 'ready' });
  await transact(ports.db, async (tx) => {
    await ports.events.add(tx, { type: 'challenge.changed', challenge_id: id, status: 'ready' }, 'author');
    const now = new Date(clock.now()).toISOString();
    await tx
      .insertInto('sessions')
      .values({ id: 's', user_id: author_id, user_agent: null, created_at: now, last_used_at: now, ended_at: null })
      .execute();
    for (const [token_hash, days] of [
      ['short', 0.5],
      ['long', 30],
    ] as const) {
      const expires_at = new Date(clock.now() + days * DAY).toISOString();
      await tx.insertInto('refresh_tokens').values({ token_hash, session_id: 's', created_at: now, expires_at, spent_at: now }).execute();
    }
    const key = { user_id: author_id, key: 'k', endpoint: 'x', request_hash: 'h', status: null, body: null, created_at: now };
    await tx.insertInto('idempotency_keys').values(key).execute();
  });
  clock.pass(DAY + 1);
  const job = runningJob('sweep', {});
  await sweep(job, ports);
  expect(job.done_count).toBe(1);
  expect(await ports.db.selectFrom('events').select('id').execute()).toEqual([]);
  expect(await ports.db.selectFrom('idempotency_keys').select('key').execute()).toEqual([]);
  expect(await ports.db.selectFrom('refresh_tokens').select('token_hash').execute()).toEqual([{ token_hash: 'long' }]);
  expect(await ports.db.selectFrom('jobs').select('kind').execute()).toEqual([{ kind: 'sweep' }]);
});

test('a session goes with its last refresh token, a job that was given up a week after it was added', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const { author_id: user_id } = await buildChallenge(ports);
  const created_at = new Date(clock.now()).toISOString();
  const session = { user_id, user_agent: null, created_at, last_used_at: created_at, ended_at: null };
  const job = { kind: 'merge-clips', payload: '{}', priority: 0, run_at: created_at, attempts: 5, claims: 5, max_attempts: 5 } as const;
  const rest = {
    dedupe_key: null,
    lane: 'light',
    owner: null,
    turn: 0,
    worker: null,
    fence: 5,
    lease_until: null,
    progress: 0,
    last_error: 'why',
    created_at,
  } as const;
  await transact(ports.db, async (tx) => {
    for (const [id, ...days] of [
      ['over', 1, 1],
      ['refreshed', 1, 30],
    ] as const) {
      await tx
        .insertInto('sessions')
        .values({ id, ...session })
        .execute();
      for (const [index, lasts] of days.entries()) {
        const expires_at = new Date(clock.now() + lasts * DAY).toISOString();
        await tx
          .insertInto('refresh_tokens')
          .values({ token_hash: `${id}-${index}`, session_id: id, created_at, expires_at, spent_at: null })
          .execute();
      }
    }
    await tx
      .insertInto('jobs')
      .values({ id: 'dead', status: 'dead', ...job, ...rest })
      .execute();
    await tx
      .insertInto('jobs')
      .values({ id: 'waiting', status: 'waiting', ...job, ...rest })
      .execute();
  });
  const jobIds = async () =>
    (await ports.db.selectFrom('jobs').select('id').where('kind', '=', job.kind).orderBy('id').execute()).map(({ id }) => id);
  clock.pass(2 * DAY);
  await sweep(runningJob('sweep', {}), ports);
  expect(await ports.db.selectFrom('sessions').select('id').execute()).toEqual([{ id: 'refreshed' }]);
  expect(await jobIds()).toEqual(['dead', 'waiting']);
  clock.pass(6 * DAY);
  await sweep(runningJob('sweep', {}), ports);
  expect(await jobIds()).toEqual(['waiting']);
});

test('a part that breaks keeps neither the others nor the next sweep from their work', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const hash = await buildBlob(ports, 'put:old');
  clock.pass(HOUR);
  const blobs = { ...ports.blobs, delete: () => Promise.reject(new Error('disk is gone')) };
  await sweep(runningJob('sweep', {}), { ...ports, blobs });
  expect(await there(ports, hash)).toBe(true);
  expect(await ports.db.selectFrom('jobs').select('kind').execute()).toEqual([{ kind: 'sweep' }]);
});

test('what is at work without a job gets one, and never two', async () => {
  const { ports } = await setting();
  await using _ = ports;
  await buildChallenge(ports, { status: 'merging' });
  await buildChallenge(ports, { status: 'publishing' });
  const draft = await buildChallenge(ports);
  const failed = await buildChallenge(ports, { status: 'failed' });
  for (const challenge_id of [draft.id, failed.id]) {
    const clip = { id: `clip-${challenge_id}`, challenge_id, segment_index: 0, status: 'checking', reasons: '[]', notices: '[]' } as const;
    await transact(ports.db, (tx) =>
      tx
        .insertInto('clips')
        .values({ ...clip, source_hash: 'h', size_bytes: 1, created_at: '', updated_at: '' })
        .execute(),
    );
  }
  await beginSweeping(ports);
  await beginSweeping(ports);
  const kinds = (await ports.db.selectFrom('jobs').select(['kind', 'payload']).execute()).map(({ kind }) => kind).sort();
  expect(kinds).toEqual(['check-clip', 'merge-clips', 'publish-challenge', 'sweep']);
});

test('where a batch is full the sweep goes on at once, and pauses when all is done', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const created_at = new Date(clock.now() - 2 * DAY).toISOString();
  const rows = Array.from({ length: 2_500 }, (_row, index) => ({
    id: `u${index}`,
    user_id: 'u',
    challenge_id: 'c',
    segment_index: 0 as const,
    tus: '{}',
    created_at,
    expires_at: created_at,
  }));
  await transact(ports.db, async (tx) => {
    for (let from = 0; from < rows.length; from += 500) {
      await tx
        .insertInto('uploads')
        .values(rows.slice(from, from + 500))
        .execute();
    }
  });
  const next = async () => {
    await ports.db.deleteFrom('jobs').execute();
    await sweep(runningJob('sweep', {}), ports);
    const { run_at } = await ports.db.selectFrom('jobs').select('run_at').executeTakeFirstOrThrow();
    return (Date.parse(run_at) - clock.now()) / MINUTE;
  };
  expect([await next(), await next(), await next()]).toEqual([0, 0, 10]);
  expect(await ports.db.selectFrom('uploads').select('id').execute()).toEqual([]);
});

test('guests who have done nothing are forgotten after 30 days, and nobody else', async () => {
  const { clock, ports } = await setting();
  await using _ = ports;
  const since = (days: number) => new Date(clock.now() - days * DAY).toISOString();
  const made = async (role: 'guest' | 'player', days: number) => (await buildPlayer(ports, { role, created_at: since(days) })).id;
  const session = (user_id: string, days: number) =>
    ports.db
      .insertInto('sessions')
      .values({ id: user_id, user_id, user_agent: null, created_at: since(40), last_used_at: since(days), ended_at: null })
      .execute();
  const [idle, gone] = [await made('guest', 31), await made('guest', 40)];
  await session(gone, 35);
  const kept = [await made('guest', 29), await made('player', 400)];
  const here = await made('guest', 40);
  await session(here, 2);
  const author = await made('guest', 40);
  await buildChallenge(ports, { author_id: author });
  const guesser = await made('guest', 40);
  const { id: challenge_id, author_id } = await buildChallenge(ports, { status: 'published' });
  await takeGuess({ challenge_id, player_id: guesser, guess: 0, confidence: undefined }, ports);
  await sweep(runningJob('sweep', {}), ports);
  const left = (await ports.db.selectFrom('users').select('id').execute()).map(({ id }) => id);
  expect(left.sort()).toEqual([...kept, here, author, author_id, guesser].sort());
  expect(left).not.toContain(idle);
});
