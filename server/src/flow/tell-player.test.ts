import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { buildChallenge, buildPlayer, runningJob } from '../../test/factories.ts';
import { buildPorts, fakeClock } from '../../test/ports.ts';
import type { JobPayloads, News, Ports, Push, PushMessage, PushSent } from '../ports.ts';
import { findChallenge } from '../store/challenges.ts';
import { findPushState, writePushToken } from '../store/push-tokens.ts';
import { transact } from '../store/transact.ts';
import { deleteChallenge } from './delete-challenge.ts';
import { enter } from './flow.ts';
import { pushWords } from './push-texts.ts';
import { readReceipt, sendPush } from './send-push.ts';
import { takeGuess } from './take-guess.ts';
import { tellDigests, tellOfGuesses } from './tell-player.ts';

const HOUR_MS = 60 * 60 * 1000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const ALL = { published: true, failed: true, guessed: true, digest: true };
const NONE = { published: false, failed: false, guessed: false, digest: false };

/** A world with a push service that answers with `say` and remembers what it was given. */
async function world(say: () => Promise<PushSent> = async () => ({ outcome: 'sent', receipt: null })) {
  const clock = fakeClock();
  const sent: PushMessage[] = [];
  const push: Push = {
    kinds: ['expo', 'web'],
    web_key: 'key',
    takes: () => true,
    send: async (_address, message) => {
      sent.push(message);
      return say();
    },
    receipt: async () => ({ outcome: 'gone' }),
  };
  const ports = await buildPorts({ clock, push });
  return { ports, clock, sent, [Symbol.asyncDispose]: () => ports[Symbol.asyncDispose]() };
}

/** A session of the player on a device that wants to hear of this. */
async function addDevice(ports: Ports, user_id: string, wants = ALL, language: 'en' | 'de' = 'en'): Promise<string> {
  const session_id = ports.ids.next();
  const now = new Date(ports.clock.now()).toISOString();
  const digest_at = new Date(ports.clock.now() + WEEK_MS).toISOString();
  const address = { kind: 'expo', token: `ExponentPushToken[${randomBytes(8).toString('hex')}]` } as const;
  await transact(ports.db, async (tx) => {
    const session = { id: session_id, user_id, user_agent: null, created_at: now, last_used_at: now, ended_at: null };
    await tx.insertInto('sessions').values(session).execute();
    await writePushToken(tx, { session_id, user_id, language, updated_at: now, address, wants, digest_at });
  });
  return session_id;
}

async function jobsOf(ports: Ports, kind: 'push' | 'push-guesses' | 'push-receipt') {
  const rows = await ports.db.selectFrom('jobs').select(['id', 'payload', 'run_at']).where('kind', '=', kind).orderBy('id').execute();
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) }));
}

/** Runs the jobs of the kind whose time has come, as the worker does. */
async function runDue(ports: Ports, kind: 'push' | 'push-guesses'): Promise<void> {
  for (const { id, payload, run_at } of await jobsOf(ports, kind)) {
    if (Date.parse(run_at) <= ports.clock.now()) {
      const done = async (tx: Parameters<Parameters<typeof transact>[1]>[0]) => {
        await tx.deleteFrom('jobs').where('id', '=', id).execute();
      };
      await (kind === 'push'
        ? sendPush(runningJob('push', payload as JobPayloads['push'], { id, done }), ports)
        : tellOfGuesses(runningJob('push-guesses', payload as JobPayloads['push-guesses'], { id, done }), ports));
    }
  }
}

async function move(ports: Ports, id: string, next: 'published' | 'failed' | 'draft') {
  await transact(ports.db, async (tx) => {
    const challenge = await findChallenge(tx, id);
    await enter(tx, ports, challenge ?? expect.fail(), next);
  });
}

async function guess(ports: Ports, challenge_id: string, count = 1) {
  for (let each = 0; each < count; each++) {
    const { id: player_id } = await buildPlayer(ports);
    await takeGuess({ challenge_id, player_id, guess: 0, confidence: undefined }, ports);
  }
}

test.each([
  ['publishing', 'published', 'published', '/c/'],
  ['merging', 'failed', 'failed', '/sending/'],
  ['checking', 'draft', 'refused', '/sending/'],
] as const)('from %s to %s: the author is told on each device that asked, in its language', async (from, to, news, path) => {
  await using at = await world();
  const { ports, sent } = at;
  const { id, author_id } = await buildChallenge(ports, { status: from, title: 'Leuchtturm' });
  await addDevice(ports, author_id, NONE);
  await addDevice(ports, author_id);
  await addDevice(ports, author_id, ALL, 'de');
  await move(ports, id, to);
  await runDue(ports, 'push');
  const said = (language: 'en' | 'de') => expect.objectContaining({ ...pushWords(language, news, { title: 'Leuchtturm', count: 0 }) });
  expect(sent).toHaveLength(2);
  expect(sent).toEqual(expect.arrayContaining([said('en'), said('de')]));
  expect(sent[0]?.path).toBe(`${path}${id}`);
  expect(await jobsOf(ports, 'push')).toEqual([]);
});

test('what the author does themselves is no news, and neither is what is not true any more', async () => {
  await using at = await world();
  const { ports, sent } = at;
  const own = await buildChallenge(ports, { status: 'ready' });
  await addDevice(ports, own.author_id);
  await move(ports, own.id, 'published');
  expect(await jobsOf(ports, 'push')).toEqual([]);
  const failing = await buildChallenge(ports, { status: 'merging', author_id: own.author_id });
  await move(ports, failing.id, 'failed');
  expect(await jobsOf(ports, 'push')).toHaveLength(1);
  await deleteChallenge({ challenge_id: failing.id, player_id: own.author_id }, ports);
  await runDue(ports, 'push');
  expect(sent).toEqual([]);
});

test('the first guess is told of at once, further ones once an hour with their number; nothing of them comes through', async () => {
  await using at = await world();
  const { ports, clock, sent } = at;
  const { id, author_id } = await buildChallenge(ports, { status: 'published', title: 'T', lie_index: 0 });
  await addDevice(ports, author_id);
  const tick = async () => {
    await runDue(ports, 'push-guesses');
    await runDue(ports, 'push');
    return sent.splice(0).map(({ title }) => title);
  };
  await guess(ports, id);
  expect(await tick()).toEqual(['The first guess is in']);
  await guess(ports, id, 3);
  expect(await tick()).toEqual([]);
  clock.pass(HOUR_MS - 1);
  expect(await tick()).toEqual([]);
  clock.pass(1);
  expect(await tick()).toEqual(['4 guesses so far']);
  clock.pass(HOUR_MS);
  expect(await tick()).toEqual([]);
  expect(await jobsOf(ports, 'push-guesses')).toEqual([]);
  await guess(ports, id);
  expect(await tick()).toEqual(['5 guesses so far']);
});

test('a guess costs no job where nobody asked', async () => {
  await using at = await world();
  const { id, author_id } = await buildChallenge(at.ports, { status: 'published' });
  await addDevice(at.ports, author_id, { ...ALL, guessed: false });
  await guess(at.ports, id);
  expect(await jobsOf(at.ports, 'push-guesses')).toEqual([]);
});

test('law: the words of a guess do not depend on who guessed, what they took, or the lie', () => {
  for (const language of ['en', 'de'] as const) {
    for (const news of ['published', 'failed', 'refused', 'guessed', 'digest', 'test'] as const satisfies readonly News[]) {
      const { title, body } = pushWords(language, news, { title: 'T', count: 7 });
      expect(`${title} ${body}`).not.toMatch(/\b(right|wrong|fooled|caught|richtig|falsch|reingelegt)\b/i);
      expect(`${title}${body}`).not.toContain('undefined');
    }
  }
});

test('a device that is gone is forgotten; a service that is away leaves the job and the device; a kill in between sends nothing twice', async () => {
  let answer: () => Promise<PushSent> = async () => Promise.reject(new Error('away'));
  await using at = await world(() => answer());
  const { ports, sent } = at;
  const { id, author_id } = await buildChallenge(ports, { status: 'publishing' });
  const session_id = await addDevice(ports, author_id);
  const payload = { session_id, news: 'published', challenge_id: id, count: 0 } as const;
  await move(ports, id, 'published');
  const job = runningJob('push', payload);
  await expect(sendPush(job, ports)).rejects.toThrow('away');
  expect([job.done_count, sent.length]).toEqual([0, 1]);

  // Killed while it was sending: what it had marked is there, its end is not.
  await transact(ports.db, (tx) => tx.updateTable('push_tokens').set({ sending: job.id }).execute());
  await sendPush(job, ports);
  expect([job.done_count, sent.length]).toEqual([1, 1]);

  answer = async () => ({ outcome: 'gone' });
  await sendPush(runningJob('push', payload), ports);
  expect(sent).toHaveLength(2);
  expect(await findPushState(ports.db, session_id)).toBeNull();
  await sendPush(runningJob('push', payload), ports);
  expect(sent).toHaveLength(2);
});

test('a receipt is asked for after a quarter of an hour, and forgets the device that it was for, not the one that came after', async () => {
  await using at = await world(async () => ({ outcome: 'sent', receipt: 'r1' }));
  const { ports, clock } = at;
  const { id: user_id } = await buildPlayer(ports);
  const session_id = await addDevice(ports, user_id);
  await sendPush(runningJob('push', { session_id, news: 'test', challenge_id: null, count: 0 }), ports);
  const [receipt] = await jobsOf(ports, 'push-receipt');
  expect(Date.parse(receipt?.run_at ?? '') - clock.now()).toBe(15 * 60 * 1000);
  await readReceipt(runningJob('push-receipt', { ...receipt?.payload, address_hash: 'another' }), ports);
  expect(await findPushState(ports.db, session_id)).not.toBeNull();
  await readReceipt(runningJob('push-receipt', receipt?.payload), ports);
  expect(await findPushState(ports.db, session_id)).toBeNull();
});

test('the digest comes once a week with what is new, and not where nothing is', async () => {
  await using at = await world();
  const { ports, clock, sent } = at;
  const { id: user_id } = await buildPlayer(ports);
  await buildChallenge(ports, { status: 'published' });
  await buildChallenge(ports, { status: 'published', author_id: user_id });
  clock.pass(1);
  await addDevice(ports, user_id);
  const tick = async () => {
    await tellDigests(ports);
    await tellDigests(ports);
    await runDue(ports, 'push');
    return sent.splice(0).map(({ title, path }) => [title, path]);
  };
  expect(await tick()).toEqual([]);
  clock.pass(WEEK_MS - 1);
  await buildChallenge(ports, { status: 'published' });
  expect(await tick()).toEqual([]);
  clock.pass(1);
  expect(await tick()).toEqual([['One new challenge', '/']]);
  clock.pass(3 * WEEK_MS);
  expect(await tick()).toEqual([]);
});
