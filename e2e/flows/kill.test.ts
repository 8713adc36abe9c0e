/**
 * The real process is killed (SIGKILL) at a random moment of each step and started again on the same data. The client does what the
 * app does: it tries again. In the end everything must be as in a run that nobody disturbed.
 */
import type { OwnChallenge } from '@2t1l/contract/schemas';
import { keepsCommitment } from '@2t1l/game/commitment';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, makeApi } from '../harness/api.ts';
import { clipsChecked, ownChallenge, settled } from '../harness/challenges.ts';
import { type Chance, makeChance } from '../harness/chance.ts';
import { clipMaker } from '../harness/clips.ts';
import { filesIn, rowsOf } from '../harness/data-folder.ts';
import { listen } from '../harness/events.ts';
import { uploadClip } from '../harness/multipart.ts';
import { persist } from '../harness/persist.ts';
import { guestPlayer, registerPlayer } from '../harness/players.ts';
import { run } from '../harness/run.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';
import { sendByTus } from '../harness/tus.ts';
import { until } from '../harness/until.ts';
import { sha256 } from '../harness/video.ts';

const ROUNDS = process.env.TEST_LONG === '1' ? 50 : 5;
const LIE = 2;
const STEPS = ['tus', 'check', 'form', 'merge', 'publish'] as const;
type Step = (typeof STEPS)[number];
const LATER_MS = 2 * 60 * 60 * 1000;
const VICTIMS = 2;
const CHUNK_BYTES = 64 * 1024;
/** The app’s own patience: it tries for as long as a restart takes. */
const RETRIES = Array.from({ length: 100 }, () => 100);

/** When to strike. */
interface Killer {
  /** Runs `work`, and where this step's time has come, kills the server in the middle and starts it again. */
  during<T>(step: Step, work: (tell: (share: number) => void) => Promise<T>): Promise<T>;
}

interface Outcome {
  challenge: Pick<OwnChallenge, 'status' | 'segments' | 'lie_index'>;
  video: string;
  files: string[];
  rows: Record<string, number>;
}

const scratch = await makeScratch();
const chance = makeChance('kill');
const durations = new Map<Step, number>();
let clips: [string, string, string];
let undisturbed: Outcome | undefined;

beforeAll(async () => {
  const maker = clipMaker(scratch.path);
  // The second has to be made canonical, so that its check takes a while.
  clips = [
    await maker.make('one', { seconds: 1.5, hue: 0 }),
    await maker.make('landscape', { seconds: 1.2, hue: 120, size: '640x360' }),
    await maker.make('three', { seconds: 1.8, hue: 240 }),
  ];
  await using server = await startServer();
  undisturbed = await play(server, stopwatch());
});
afterAll(() => scratch[Symbol.asyncDispose]());

test('the run that nobody disturbs is whole', () => {
  expect(undisturbed?.challenge.status).toBe('published');
  expect(undisturbed?.rows).toMatchObject({ challenges: 1, clips: 3, dead_jobs: 0, published_events: 1 });
  expect([...durations.keys()]).toEqual([...STEPS]);
});

test.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
  'round %i: killed in every step, published exactly once',
  async (_round) => {
    await using server = await startServer();
    const struck: string[] = [];
    const outcome = await play(server, assassin(server, chance, struck)).catch((cause: unknown) => {
      throw new Error(`TEST_SEED=${chance.seed}; killed at ${struck.join(', ')}; the server said:\n${server.logs().slice(-6000)}`, {
        cause,
      });
    });
    expect(struck).toHaveLength(STEPS.length);
    expect(outcome, `TEST_SEED=${chance.seed}; killed at ${struck.join(', ')}`).toEqual(undisturbed);
  },
);

test('a stream of events cut by a kill goes on where it stood', async () => {
  await using server = await startServer();
  const author = (await registerPlayer(makeApi(server.origin))).api;
  const { id } = await author.call('createChallenge', { body: { lie_index: LIE } });
  const first = await listen(author, id, '0');
  await uploadClip(author, id, clips[0]);
  await until(() => first.seen.length >= 2, { what: 'the first events' });
  await server.kill9();
  await first.ended;
  const last = first.seen.at(-1)?.id;

  await server.restart();
  // Happens while nobody listens.
  await uploadClip(author, id, clips[1]);
  await clipsChecked(author, id);
  await using second = await listen(author, id, last);
  await uploadClip(author, id, clips[2]);
  await author.call('process', { params: { id } });
  const isPublished = ({ event }: (typeof second.seen)[number]) => event.type === 'challenge.changed' && event.status === 'published';
  await until(() => second.seen.some(isPublished), { what: 'the event of the publishing' });

  await using whole = await listen(author, id, '0');
  await until(() => whole.seen.some(isPublished), { what: 'the whole stream' });
  const both = [...first.seen, ...second.seen];
  const ids = both.map((event) => Number(event.id));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  expect(both).toEqual(whole.seen.slice(0, both.length));
  expect(both.filter(({ event }) => event.type === 'clip.changed' && event.clip.status === 'ready')).toHaveLength(3);
});

test('an ffmpeg that the system kills costs nobody their clip', async () => {
  await using server = await startServer();
  const author = (await registerPlayer(makeApi(server.origin))).api;
  const { id } = await author.call('createChallenge', { body: {} });
  await uploadClip(author, id, clips[0]);
  await clipsChecked(author, id);
  // The server knows by now that there is an ffmpeg: what dies from here on died at work.
  const killed = killChildren(server.pid(), VICTIMS, async () => (await ownChallenge(author, id)).clips.length === 3);
  await uploadClip(author, id, clips[1]);
  await uploadClip(author, id, clips[2]);
  const { clips: own } = await clipsChecked(author, id);
  expect(await killed).toBeGreaterThan(0);
  expect(own.map(({ status, reasons }) => ({ status, reasons }))).toEqual(Array(3).fill({ status: 'ready', reasons: [] }));
  await author.call('process', { params: { id } });
  expect(await settled(author, id)).toMatchObject({ status: 'ready' });
});

/** Kills the next processes that the server starts, as the kernel does when memory runs out, until `most` are dead or none are left. */
async function killChildren(server: number, most: number, isLast: () => Promise<boolean>): Promise<number> {
  const victims = new Set<string>();
  await until(
    async () => {
      const children = (await run('ps', ['-o', 'pid=', '--ppid', String(server)]).catch(() => ''))
        .split(/\s+/)
        .filter((word) => word !== '');
      for (const pid of children.filter((word) => !victims.has(word)).slice(0, most - victims.size)) {
        try {
          process.kill(Number(pid), 'SIGKILL');
          victims.add(pid);
        } catch {
          // It was quicker.
        }
      }
      return victims.size >= most || (victims.size > 0 && children.length === 0 && (await isLast()));
    },
    { what: 'the server to start ffmpeg', everyMs: 1 },
  );
  return victims.size;
}

/** The whole life of a challenge, by a client that does not give up. */
async function play(server: Server, killer: Killer): Promise<Outcome> {
  const player = await registerPlayer(makeApi(server.origin));
  const author = player.api;
  const { id } = await author.call('createChallenge', { body: { title: 'Killed', statements: ['a', 'b', 'c'] } });
  const send = (index: number, path: string, onProgress: (share: number) => void = () => undefined) =>
    sendByTus(author, { challenge_id: id, segment_index: index }, path, {
      chunkBytes: CHUNK_BYTES,
      retryDelays: RETRIES,
      onProgress,
    });

  await killer.during('tus', (tell) => send(0, clips[0], tell));
  await send(1, clips[1]);
  await killer.during('check', () => persist(() => clipsChecked(author, id)));
  await killer.during('form', () => persist(() => uploadClip(author, id, clips[2], 2)));
  await killer.during('merge', async () => {
    await persist(() => author.call('process', { params: { id } }));
    return persist(() => settled(author, id));
  });
  await killer.during('publish', () => persist(() => author.call('publish', { params: { id }, body: { lie_index: LIE } })));
  return outcomeOf(server, author, id);
}

/** Lets everything be, and takes the time of each step. */
function stopwatch(): Killer {
  return {
    async during(step, work) {
      const began = performance.now();
      const result = await work(() => undefined);
      durations.set(step, performance.now() - began);
      return result;
    },
  };
}

/** Kills once in each step, somewhere between its beginning and a little after the time it needs. */
function assassin(server: Server, drawn: Chance, struck: string[]): Killer {
  return {
    async during(step, work) {
      const { promise: moment, resolve: strike } = Promise.withResolvers<void>();
      const share = drawn.next();
      const afterMs = share * 1.1 * (durations.get(step) ?? 0);
      struck.push(step === 'tus' ? `${step} ${Math.round(share * 100)} %` : `${step} ${Math.round(afterMs)} ms`);
      const killed = moment.then(async () => {
        await server.kill9();
        await server.restart();
      });
      const result = step === 'tus' ? work((sent) => sent >= share && strike()) : work(() => undefined);
      if (step !== 'tus') {
        setTimeout(strike, afterMs);
      }
      const [done] = await Promise.all([result, killed]);
      return done;
    },
  };
}

async function outcomeOf(server: Server, author: Api, id: string): Promise<Outcome> {
  const { status, segments, lie_index, clips: own, commitment } = await ownChallenge(author, id);
  expect(own.map((clip) => [clip.segment_index, clip.status])).toEqual([0, 1, 2].map((index) => [index, 'ready']));
  expect((await author.call('me')).stats.published).toBe(1);
  expect((await author.call('myChallenges', { query: {} })).items.map((item) => item.id)).toEqual([id]);

  const guest = (await guestPlayer(author)).api;
  expect((await guest.call('feed', { query: {} })).items.map((item) => item.id)).toEqual([id]);
  const { reveal } = await guest.call('guess', { params: { id }, body: { guess: LIE } });
  expect(reveal.commitment).toBe(commitment);
  expect(keepsCommitment(reveal.commitment, LIE, reveal.nonce)).toBe(true);

  const { dataDir } = server;
  await until(async () => (await unfinished(dataDir)) === 0, { what: 'work to end', timeoutMs: 60_000 });
  // Only now: a heavy video is exchanged for a slim one in the end.
  const { video_url } = await ownChallenge(author, id);
  const video = Buffer.from(await (await author.fetch(video_url ?? '')).arrayBuffer());
  await sweepLater(server);
  return {
    challenge: { status, segments, lie_index },
    video: sha256(video),
    files: await filesIn(dataDir),
    rows: await rowCounts(dataDir, id),
  };
}

/** What a killed process leaves behind may lie for an hour, not longer: the server finds itself two hours older, and sweeps. */
async function sweepLater(server: Server): Promise<void> {
  await server.restart({ clockOffsetMs: LATER_MS });
  const swept = "select count(*) as n from jobs where kind = 'sweep' and status = 'waiting' and run_at > ?";
  const isSwept = async () =>
    (await rowsOf<{ n: number }>(server.dataDir, swept, new Date(Date.now() + LATER_MS).toISOString()))[0]?.n === 1;
  await until(isSwept, { what: 'the sweep', timeoutMs: 20_000 });
  const wanted = undisturbed?.files.join();
  await until(async () => wanted === undefined || (await filesIn(server.dataDir)).join() === wanted, { what: '', timeoutMs: 5000 }).catch(
    // The comparison of the outcomes shows what is left.
    () => undefined,
  );
}

/** Jobs of this challenge that still wait or run; the sweeps of the house come and go. */
async function unfinished(dataDir: string): Promise<number> {
  const rows = await rowsOf<{ n: number }>(dataDir, "select count(*) as n from jobs where kind != 'sweep' and status != 'dead'");
  return rows[0]?.n ?? -1;
}

async function rowCounts(dataDir: string, id: string): Promise<Record<string, number>> {
  const counts: Record<string, string> = {
    challenges: 'select count(*) as n from challenges',
    clips: 'select count(*) as n from clips',
    uploads: 'select count(*) as n from uploads',
    dead_jobs: "select count(*) as n from jobs where status = 'dead'",
    blob_owners: 'select count(*) as n from blob_refs',
    published_events: `select count(*) as n from events where challenge_id = '${id}' and data like '%"challenge.changed"%' and data like '%"published"%'`,
  };
  const rows: Record<string, number> = {};
  for (const [name, sql] of Object.entries(counts)) {
    rows[name] = (await rowsOf<{ n: number }>(dataDir, sql))[0]?.n ?? -1;
  }
  return rows;
}
