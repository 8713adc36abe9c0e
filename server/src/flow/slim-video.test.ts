/** The swap of a heavy video for a slim one: who sees what, who holds which blob, and what interferes. */
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildBlob, buildChallenge, runningJob } from '../../test/factories.ts';
import { buildPorts, fakeClock, type TestPorts } from '../../test/ports.ts';
import type { Media, Ports } from '../ports.ts';
import { videoOwner } from '../store/blob-refs.ts';
import { blobUrl, findChallenge, hashOf, updateChallenge } from '../store/challenges.ts';
import { VIDEO_TYPE } from '../store/present.ts';
import { transact } from '../store/transact.ts';
import { deleteChallenge } from './delete-challenge.ts';
import { slimVideo } from './slim-video.ts';
import { releaseHeavyVideos, sweepBlobs } from './sweep.ts';
import { HOUR, MINUTE, SECOND } from './times.ts';

/** Three seconds of video that weigh a megabyte; `slim` writes a few bytes, after `meanwhile`. */
async function setting({ meanwhile = async () => {} }: { meanwhile?: (ports: TestPorts, id: string) => Promise<void> } = {}) {
  const clock = fakeClock(Date.now());
  const ports = await buildPorts({ clock });
  const { id, author_id } = await buildChallenge(ports, { status: 'published' });
  const heavy = await buildBlob(ports, 'put:heavy', Buffer.alloc(1_000_000, 'heavy'));
  await transact(ports.db, async (tx) => {
    await tx.deleteFrom('blob_refs').where('owner', '=', videoOwner(id)).execute();
    await tx
      .updateTable('blob_refs')
      .set({ owner: videoOwner(id) })
      .where('owner', '=', 'put:heavy')
      .execute();
    await updateChallenge(tx, id, { merged_video_url: blobUrl(heavy) });
  });
  let calls = 0;
  const slim: Media['slim'] = async (_video, output) => {
    calls += 1;
    await writeFile(output, 'slim');
    await meanwhile(ports, id);
    return { outcome: 'slim', reason: null, size_bytes: 4, ssim: 0.97 };
  };
  const step: Ports = { ...ports, media: async () => ({ slim }) as Media };
  const job = runningJob('slim-video', { challenge_id: id });
  return { clock, ports, step, job, id, author_id, heavy, calls: () => calls, [Symbol.asyncDispose]: () => ports[Symbol.asyncDispose]() };
}

const videoOf = async (ports: Ports, id: string) => hashOf((await findChallenge(ports.db, id))?.merged_video_url ?? null) ?? '';
const owners = async (ports: Ports) =>
  (await ports.db.selectFrom('blob_refs').select('owner').orderBy('owner').execute()).map((r) => r.owner);
const there = async (ports: Ports, hash: string) => (await ports.blobs.stat(hash)) !== null;

/** What is left when reservations and given-up blobs have had their ten minutes. */
async function sweepLater({ clock, ports }: Awaited<ReturnType<typeof setting>>) {
  clock.pass(11 * MINUTE);
  await releaseHeavyVideos(ports);
  await sweepBlobs(ports);
  clock.pass(11 * MINUTE);
  await sweepBlobs(ports);
}

test('the slim video takes the place of the heavy one and nothing else changes; run twice it is once', async () => {
  await using held = await setting();
  const { ports, step, job, id, heavy } = held;
  const before = await findChallenge(ports.db, id);
  await slimVideo(job, step);
  await slimVideo(job, step);
  const slim = await videoOf(ports, id);
  expect(slim).not.toBe(heavy);
  const after = await findChallenge(ports.db, id);
  expect({ ...after, merged_video_url: '', heavy_until: '' }).toEqual({ ...before, merged_video_url: '', heavy_until: '' });
  expect([job.done_count, held.calls()]).toEqual([2, 1]);
  expect(await owners(ports)).toEqual([`challenge:${id}:heavy`, `challenge:${id}:poster`, videoOwner(id)]);
  expect(await ports.db.selectFrom('events').select('id').execute()).toEqual([]);
});

test('who plays the heavy video plays it on while the address is valid; then it is gone', async () => {
  await using held = await setting();
  const { ports, step, job, heavy, clock, id } = held;
  const query = () => Object.fromEntries(new URLSearchParams(ports.blobs.url(heavy, VIDEO_TYPE).split('?')[1]));
  const address = query();
  await slimVideo(job, step);
  const end = Number(address.exp) * SECOND;
  clock.pass(end - clock.now() - 30 * MINUTE);
  await sweepLater(held);
  expect([ports.blobs.verify(heavy, address), await there(ports, heavy)]).toEqual([VIDEO_TYPE, true]);
  clock.pass(12 * HOUR);
  await sweepLater(held);
  expect([ports.blobs.verify(heavy, address), await there(ports, heavy)]).toEqual([null, false]);
  expect(await there(ports, await videoOf(ports, id))).toBe(true);
  expect((await findChallenge(ports.db, id))?.heavy_until).toBeNull();
});

test('a challenge deleted afterwards takes both videos along within the hour', async () => {
  await using held = await setting();
  const { ports, step, job, heavy, id, author_id } = held;
  await slimVideo(job, step);
  const slim = await videoOf(ports, id);
  await deleteChallenge({ challenge_id: id, player_id: author_id }, ports);
  await sweepLater(held);
  expect([await there(ports, heavy), await there(ports, slim), await owners(ports)]).toEqual([false, false, []]);
});

test.each<[string, (ports: TestPorts, id: string) => Promise<void>]>([
  [
    'deleted',
    async (ports, id) => {
      const author = await ports.db.selectFrom('challenges').select('user_id').where('id', '=', id).executeTakeFirstOrThrow();
      await deleteChallenge({ challenge_id: id, player_id: author.user_id }, ports);
    },
  ],
  ['given another video', (ports, id) => transact(ports.db, (tx) => updateChallenge(tx, id, { merged_video_url: blobUrl('other') }))],
])('a challenge %s meanwhile stays as it is; nothing holds the rendition', async (_what, meanwhile) => {
  const seen: unknown[] = [];
  await using held = await setting({
    meanwhile: async (ports, id) => {
      await meanwhile(ports, id);
      seen.push(await findChallenge(ports.db, id));
    },
  });
  await slimVideo(held.job, held.step);
  expect(await findChallenge(held.ports.db, held.id)).toEqual(seen[0]);
  expect(held.job.done_count).toBe(1);
  await sweepLater(held);
  expect((await owners(held.ports)).filter((owner) => !owner.startsWith('challenge:'))).toEqual([]);
});

test('broken off at the last moment nothing has changed, and the next run brings it about', async () => {
  await using held = await setting();
  const { ports, step, job, id, heavy } = held;
  const lost = { ...job, done: () => Promise.reject(new Error('the lease is lost')) };
  await expect(slimVideo(lost, step)).rejects.toThrow('the lease is lost');
  expect([await videoOf(ports, id), await there(ports, heavy)]).toEqual([heavy, true]);
  await slimVideo(job, step);
  expect(await videoOf(ports, id)).not.toBe(heavy);
  await sweepLater(held);
  expect(await owners(ports)).toEqual([`challenge:${id}:heavy`, `challenge:${id}:poster`, videoOwner(id)]);
  expect(await there(ports, await videoOf(ports, id))).toBe(true);
});

test('a light video is not even opened; one that is kept stays', async () => {
  await using held = await setting();
  const { ports, step, job, id, heavy } = held;
  const kept: Media['slim'] = async () => ({ outcome: 'kept', reason: 'looks_worse', size_bytes: 1, ssim: 0.9 });
  await slimVideo(job, { ...step, media: async () => ({ slim: kept }) as unknown as Media });
  expect(await videoOf(ports, id)).toBe(heavy);
  await transact(ports.db, (tx) => updateChallenge(tx, id, { video_segments: '[{"start_seconds":0,"end_seconds":60}]' }));
  await slimVideo(job, step);
  expect([await videoOf(ports, id), held.calls(), job.done_count]).toEqual([heavy, 0, 2]);
});
