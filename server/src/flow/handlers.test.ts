/** The worker with its real jobs table: what is retried, given up, said and tried again. */
import { Problem } from '@2t1l/contract/problems';
import { expect, test } from 'vitest';
import { type ClipName, receivedFile } from '../../test/clips.ts';
import { buildChallenge, buildPlayer, runningJob } from '../../test/factories.ts';
import { buildPorts, fakeClock, silentLog, type TestPorts } from '../../test/ports.ts';
import { dbJobs } from '../adapters/db-jobs.ts';
import type { Analysis, Media, Ports } from '../ports.ts';
import { findChallenge } from '../store/challenges.ts';
import { listClips } from '../store/clips.ts';
import { transact } from '../store/transact.ts';
import { askForAnalysis } from './analyse-clip.ts';
import { givenUp, handlers } from './handlers.ts';
import { processChallenge } from './process-challenge.ts';
import { receiveClip } from './receive-clip.ts';
import { measureClips } from './sweep.ts';

const GOOD: readonly ClipName[] = ['good-0.mp4', 'good-1.mp4', 'good-2.mp4'];

async function threeClips(ports: TestPorts, { tells = 0 }: { tells?: 0 | 1 } = {}) {
  const { id: author_id } = await buildPlayer(ports, { tells });
  const challenge = await buildChallenge(ports, { author_id, lie_index: 1 });
  const ask = { challenge_id: challenge.id, player_id: challenge.author_id };
  for (const name of GOOD) {
    await receiveClip({ ...ask, segment_index: null }, await receivedFile(name, ports), ports);
  }
  return ask;
}

const failing =
  (error: unknown): Ports['media'] =>
  async () =>
    ({ prepare: () => Promise.reject(error) }) as unknown as Media;

test('the worker takes a challenge from three clips to published', async () => {
  await using ports = await buildPorts();
  const ask = await threeClips(ports);
  let slimmed = 0;
  // The clips are heavy, and the real thing takes its time where others need the processor.
  const slim: Media['slim'] = async () => {
    slimmed += 1;
    return { outcome: 'kept', reason: 'looks_worse', size_bytes: 0, ssim: 0 };
  };
  const quick = { ...ports, media: async () => ({ ...(await ports.media()), slim }) };
  const worker = await ports.jobs.work(handlers(quick), givenUp(quick), { concurrency: 2 });
  try {
    await processChallenge(ask, ports);
    await expect.poll(async () => (await findChallenge(ports.db, ask.challenge_id))?.status, { timeout: 20_000 }).toBe('published');
    await expect.poll(() => ports.db.selectFrom('jobs').select('kind').execute(), { timeout: 20_000 }).toEqual([]);
    expect(slimmed).toBe(1);
  } finally {
    await worker.stop();
  }
});

test('a merge goes through while the checks of another player hold every hand that is theirs', async () => {
  await using ports = await buildPorts();
  const ask = await threeClips(ports);
  for (const { id } of await ports.db.selectFrom('clips').select('id').execute()) {
    await handlers(ports)['check-clip'](runningJob('check-clip', { clip_id: id }));
  }
  await ports.db.deleteFrom('jobs').execute();
  const others = await threeClips(ports);
  const begun: unknown[] = [];
  const media = async (): Promise<Media> => ({
    ...(await ports.media()),
    prepare: (input, _output, { signal }) =>
      new Promise((_, reject) => {
        begun.push(input);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  const worker = await ports.jobs.work(handlers({ ...ports, media }), givenUp(ports), { concurrency: 1 });
  try {
    await expect.poll(() => begun.length, { timeout: 20_000 }).toBe(1);
    await processChallenge(ask, ports);
    await expect.poll(async () => (await findChallenge(ports.db, ask.challenge_id))?.status, { timeout: 20_000 }).toBe('published');
    expect(begun).toHaveLength(1);
    expect((await findChallenge(ports.db, others.challenge_id))?.status).toBe('draft');
  } finally {
    await worker.stop(0);
  }
});

const combine = () => {
  throw new Error('nothing was measured');
};

test('no check waits for clips that are being measured', async () => {
  const measuring: string[] = [];
  const analyse: Analysis['analyse'] = ({ path }, signal) => {
    measuring.push(path);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const analysis = async (): Promise<Analysis> => ({ model: 'slow', analyse, combine });
  await using ports = await buildPorts({ analysis });
  await threeClips(ports, { tells: 1 });
  const worker = await ports.jobs.work(handlers(ports), givenUp(ports), { concurrency: 1 });
  try {
    await expect.poll(() => measuring.length, { timeout: 20_000 }).toBe(1);
    await threeClips(ports);
    const checked = () => ports.db.selectFrom('clips').select('id').where('status', '=', 'ready').execute();
    await expect.poll(async () => (await checked()).length, { timeout: 20_000 }).toBe(6);
    expect(measuring).toHaveLength(1);
  } finally {
    await worker.stop();
  }
  const jobs = await ports.db.selectFrom('jobs').select(['kind', 'status', 'attempts']).execute();
  expect(jobs).toEqual(Array(3).fill({ kind: 'analyse-clip', status: 'waiting', attempts: 0 }));
});

test('of two players each has a clip checked in turn, whoever came first with more', async () => {
  await using ports = await buildPorts();
  const [many, few] = [await threeClips(ports), await threeClips(ports)];
  const order: string[] = [];
  const media = async (): Promise<Media> => ({
    ...(await ports.media()),
    prepare: async () => {
      const running = await ports.db.selectFrom('jobs').select('owner').where('status', '=', 'running').executeTakeFirstOrThrow();
      order.push(running.owner ?? '');
      return { outcome: 'refused', reasons: ['damaged'] };
    },
  });
  const worker = await ports.jobs.work(handlers({ ...ports, media }), givenUp(ports), { concurrency: 1 });
  try {
    await expect.poll(() => order.length, { timeout: 20_000 }).toBe(6);
    expect(order).toEqual([many, few, many, few, many, few].map(({ player_id }) => player_id));
  } finally {
    await worker.stop();
  }
});

test('nothing waits for a video that is being slimmed', async () => {
  await using ports = await buildPorts();
  const [first, second] = [await threeClips(ports), await threeClips(ports)];
  const begun: string[] = [];
  const media: Ports['media'] = async () => ({
    ...(await ports.media()),
    slim: (video, _output, _options, { signal }) => {
      begun.push(video);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  });
  const stat: Ports['blobs']['stat'] = async () => ({ size_bytes: 1e9, modified_ms: 0 });
  const slow = { ...ports, media, blobs: { ...ports.blobs, stat } };
  const worker = await ports.jobs.work(handlers(slow), givenUp(slow), { concurrency: 1 });
  const published = async (id: string) =>
    expect.poll(async () => (await findChallenge(ports.db, id))?.status, { timeout: 20_000 }).toBe('published');
  try {
    await processChallenge(first, ports);
    await published(first.challenge_id);
    await expect.poll(() => begun.length, { timeout: 20_000 }).toBe(1);
    await processChallenge(second, ports);
    await published(second.challenge_id);
    expect(begun).toHaveLength(1);
  } finally {
    await worker.stop();
  }
  expect(await ports.db.selectFrom('jobs').select(['kind', 'status', 'attempts']).execute()).toEqual([
    { kind: 'slim-video', status: 'waiting', attempts: 0 },
    { kind: 'slim-video', status: 'waiting', attempts: 0 },
  ]);
});

test.each([
  ['media_tool_missing', /ffmpeg is missing/],
  ['storage_full', /no space left/],
] as const)('%s is said at once, and process tries again', async (code, said) => {
  await using ports = await buildPorts();
  const ask = await threeClips(ports);
  await processChallenge(ask, ports);
  const clip = await ports.db.selectFrom('clips').select('id').executeTakeFirstOrThrow();
  const job = runningJob('check-clip', { clip_id: clip.id });
  const problem = new Problem(code);
  const logged: unknown[] = [];
  const log = { ...ports.log, error: (fields: object) => void logged.push(fields) };
  await handlers({ ...ports, log, media: failing(problem) })['check-clip'](job);
  expect(job.done_count).toBe(1);
  expect(logged).toEqual([{ err: problem, job: 'check-clip' }]);
  const failed = await findChallenge(ports.db, ask.challenge_id);
  expect(failed).toMatchObject({ status: 'failed', failed_step: 'check-clip', failed_reason: expect.stringMatching(said) });
  await processChallenge(ask, ports);
  expect(await findChallenge(ports.db, ask.challenge_id)).toMatchObject({ status: 'checking', failed_step: null, failed_reason: null });
});

test('a tool that is gone for a moment while a clip of a draft is checked: it is tried again by itself', async () => {
  const clock = fakeClock();
  await using ports = await buildPorts({ clock });
  const ask = await threeClips(ports);
  let failures = 7;
  const media: Ports['media'] = async () => {
    if (failures > 0) {
      failures -= 1;
      throw new Problem('media_tool_missing');
    }
    return ports.media();
  };
  const clips = async () => (await listClips(ports.db, ask.challenge_id)).map(({ status }) => status);
  const jobs = dbJobs({ ...ports, log: silentLog }, { poll: 20 });
  const worker = await jobs.work(handlers({ ...ports, media }), givenUp(ports), { concurrency: 1 });
  try {
    await expect
      .poll(
        async () => {
          clock.pass(5_000);
          return await clips();
        },
        { timeout: 20_000 },
      )
      .toEqual(['ready', 'ready', 'ready']);
    expect((await findChallenge(ports.db, ask.challenge_id))?.status).toBe('draft');
  } finally {
    await worker.stop();
  }
});

test('a full disk does not cost a clip its tells: measuring waits for room as everything else does', async () => {
  await using ports = await buildPorts({
    analysis: async () => ({ model: 'any', analyse: () => Promise.reject(new Problem('storage_full')) }) as unknown as Analysis,
  });
  await threeClips(ports);
  await ports.db.updateTable('users').set({ tells: 1 }).execute();
  await ports.db.updateTable('clips').set({ status: 'ready' }).execute();
  const { id } = await ports.db.selectFrom('clips').select('id').executeTakeFirstOrThrow();
  const run = handlers(ports)['analyse-clip'](runningJob('analyse-clip', { clip_id: id }));
  await expect(run).rejects.toMatchObject({ code: 'storage_full', retry_after_seconds: 1 });
});

test.each([
  ['a machine that stays busy', new Problem('busy', { retry_after_seconds: 1 }), { runs: 7, again: 7 }],
  ['a clip that breaks its measuring', new Error('broke'), { runs: 3, again: 0 }],
] as const)('%s: its tells are measured by a later sweep where that can help, however long it takes', async (_, error, { runs, again }) => {
  const clock = fakeClock();
  let count = 0;
  const analyse = () => {
    count += 1;
    return Promise.reject(error);
  };
  const analysis = async (): Promise<Analysis> => ({ model: 'any', analyse, combine });
  await using ports = await buildPorts({ clock, analysis });
  const { challenge_id } = await threeClips(ports, { tells: 1 });
  const [clip] = await listClips(ports.db, challenge_id);
  await ports.db.updateTable('clips').set({ status: 'ready' }).execute();
  await ports.db.deleteFrom('jobs').execute();
  await transact(ports.db, (tx) => askForAnalysis(tx, clip?.id ?? '', ports));
  const jobs = dbJobs({ ...ports, log: silentLog }, { poll: 10 });
  const worker = await jobs.work(handlers(ports), givenUp(ports), { concurrency: 1 });
  /** Until nothing waits or runs. */
  const rest = () =>
    expect
      .poll(
        async () => {
          clock.pass(1_000);
          return await ports.db.selectFrom('jobs').select('kind').where('status', '!=', 'dead').execute();
        },
        { timeout: 20_000, interval: 15 },
      )
      .toEqual([]);
  try {
    await rest();
    expect(count).toBe(runs);
    for (const sweeps of [1, 2]) {
      await measureClips(ports);
      await rest();
      expect(count).toBe(runs + sweeps * again);
    }
  } finally {
    await worker.stop();
  }
});

test('a machine that stays too busy for a check is said as that, and the clip is not blamed', async () => {
  await using ports = await buildPorts();
  const ask = await threeClips(ports);
  await processChallenge(ask, ports);
  const clip = await ports.db.selectFrom('clips').select('id').executeTakeFirstOrThrow();
  const job = runningJob('check-clip', { clip_id: clip.id });
  const busy = new Problem('busy', { retry_after_seconds: 1 });
  await expect(handlers({ ...ports, media: failing(busy) })['check-clip'](job)).rejects.toBe(busy);
  expect((await findChallenge(ports.db, ask.challenge_id))?.status).toBe('checking');
  await transact(ports.db, (tx) => givenUp(ports)(tx, job, busy));
  const failed = await findChallenge(ports.db, ask.challenge_id);
  expect(failed).toMatchObject({ status: 'failed', failed_step: 'check-clip', failed_reason: expect.stringMatching(/too busy.*process/) });
  expect(failed?.failed_reason).not.toContain('clip');
});

test('a tool that stays away is said after some minutes, not before', async () => {
  const clock = fakeClock();
  await using ports = await buildPorts({ clock });
  const { challenge_id } = await threeClips(ports);
  await ports.db
    .deleteFrom('jobs')
    .where('payload', 'not like', `%${(await listClips(ports.db, challenge_id))[0]?.id}%`)
    .execute();
  const began = clock.now();
  let runs = 0;
  const media: Ports['media'] = () => {
    runs += 1;
    return Promise.reject(new Problem('media_tool_missing'));
  };
  const jobs = dbJobs({ ...ports, log: silentLog }, { poll: 10 });
  const worker = await jobs.work(handlers({ ...ports, media }), givenUp(ports), { concurrency: 1 });
  try {
    const failed = async () => {
      clock.pass(1_000);
      return await findChallenge(ports.db, challenge_id);
    };
    await expect.poll(failed, { timeout: 20_000, interval: 15 }).toMatchObject({ status: 'failed', failed_step: 'check-clip' });
    expect((await failed())?.failed_reason).toMatch(/ffmpeg is missing/);
    expect(runs).toBe(9);
    expect(clock.now() - began).toBeGreaterThan(2 * 60_000);
  } finally {
    await worker.stop();
  }
});

test('any other error is thrown for a retry; given up, the challenge says what to do and nothing of the error', async () => {
  await using ports = await buildPorts();
  const ask = await threeClips(ports);
  const clip = await ports.db.selectFrom('clips').select('id').executeTakeFirstOrThrow();
  const job = runningJob('check-clip', { clip_id: clip.id });
  const error = new Error('/srv/secret/path broke');
  await expect(handlers({ ...ports, media: failing(error) })['check-clip'](job)).rejects.toThrow(error);
  expect((await findChallenge(ports.db, ask.challenge_id))?.status).toBe('draft');
  const giveUp = () => transact(ports.db, (tx) => givenUp(ports)(tx, job, error));
  await giveUp();
  await giveUp();
  const failed = await findChallenge(ports.db, ask.challenge_id);
  expect(failed).toMatchObject({ status: 'failed', failed_step: 'check-clip' });
  expect(failed?.failed_reason).toMatch(/Process again/);
  expect(failed?.failed_reason).not.toContain('secret');
});

test('a job that is given up after its challenge has gone on changes nothing', async () => {
  await using ports = await buildPorts();
  const { id } = await buildChallenge(ports, { status: 'published' });
  const job = { id: 'x', kind: 'merge-clips', payload: { challenge_id: id } } as const;
  await transact(ports.db, (tx) => givenUp(ports)(tx, job, new Error('late')));
  expect((await findChallenge(ports.db, id))?.status).toBe('published');
});

test('a video that could not be slimmed stays as it is, and so does its challenge', async () => {
  await using ports = await buildPorts();
  const { id } = await buildChallenge(ports, { status: 'published' });
  const before = await findChallenge(ports.db, id);
  const job = { id: 'x', kind: 'slim-video', payload: { challenge_id: id } } as const;
  await transact(ports.db, (tx) => givenUp(ports)(tx, job, new Error('broke')));
  expect(await findChallenge(ports.db, id)).toEqual(before);
});

test('a sweep that is given up is followed by the next', async () => {
  await using ports = await buildPorts();
  await transact(ports.db, (tx) => givenUp(ports)(tx, { id: 'x', kind: 'sweep', payload: {} }, new Error('broken')));
  expect(await ports.db.selectFrom('jobs').select('kind').execute()).toEqual([{ kind: 'sweep' }]);
});

test('another clip replaced after a check was given up: the one that lost its job is checked again', async () => {
  await using ports = await buildPorts();
  const ask = await threeClips(ports);
  const given = await ports.db.selectFrom('clips').select('id').where('segment_index', '=', 0).executeTakeFirstOrThrow();
  await ports.db.deleteFrom('jobs').execute();
  await transact(ports.db, (tx) => givenUp(ports)(tx, runningJob('check-clip', { clip_id: given.id }), new Error('broke')));
  await receiveClip({ ...ask, segment_index: 2 }, await receivedFile('good-0.mp4', ports), ports);
  const waiting = await ports.db.selectFrom('jobs').select('payload').execute();
  expect(waiting.map(({ payload }) => (JSON.parse(payload) as { clip_id: string }).clip_id)).toContain(given.id);
  expect(waiting).toHaveLength(3);
});
