/** How cost grows, without a clock: memory that does not follow the size of an upload, and queries that find their rows by an index. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIP_MAX_BYTES, UPLOAD_CHUNK_BYTES } from '@2t1l/game/limits';
import { afterAll, describe, expect, test } from 'vitest';
import { type Api, makeApi } from '../harness/api.ts';
import { makeChallenge } from '../harness/challenges.ts';
import { clipMaker } from '../harness/clips.ts';
import { databaseIn } from '../harness/data-folder.ts';
import { peakMb, residentMb } from '../harness/memory.ts';
import { guestPlayer, registerPlayer } from '../harness/players.ts';
import { makeScratch } from '../harness/scratch.ts';
import { startServer } from '../harness/server.ts';
import { tusCreate, tusPatch } from '../harness/tus.ts';

const REST_MB = 250;
/** Of the garbage collector's freedom; an upload that was held in memory would need its 100 MB. */
const GROWTH_MB = 64;
const REST_MS = 2000;
/** The migrations look at what there is, once. */
const OF_THE_START = /sqlite_master|kysely_migration/;

const scratch = await makeScratch();
afterAll(() => scratch[Symbol.asyncDispose]());

describe('memory', () => {
  test(`the API alone takes less than ${REST_MB} MB at rest, and an upload of 100 MB no more than a small one`, async () => {
    await using server = await startServer({ env: { ROLES: 'api' } });
    const { api } = await guestPlayer(makeApi(server.origin));
    await sleep(REST_MS);
    expect(await residentMb(server.pid())).toBeLessThan(REST_MB);

    const small = await peakMb(server.pid(), () => upload(api, 4 * UPLOAD_CHUNK_BYTES));
    const large = await peakMb(server.pid(), () => upload(api, CLIP_MAX_BYTES));
    expect(large - small, `${small} MB for 20 MB, ${large} MB for 100 MB`).toBeLessThan(GROWTH_MB);
  });
});

describe('queries', () => {
  test('what players ask for is found by an index, however many rows there are', async () => {
    const clips = await clipMaker(scratch.path).three();
    const log = join(scratch.path, 'statements.txt');
    await using server = await startServer();
    const author = await registerPlayer(makeApi(server.origin));
    const { id } = await makeChallenge(author.api, clips, { lie_index: 0 });
    // The same data again with nothing running but the API, every statement of which is written down.
    await server.restart({ env: { ROLES: 'api', STATEMENTS_LOG: log }, preload: WRITE_STATEMENTS });
    await playAll(makeApi(server.origin), author.api, id);
    await server.stop();

    const statements = new Set(
      (await readFile(log, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as string),
    );
    const asked = [...statements].filter((sql) => /^\s*(with|select|insert|update|delete)\b/i.test(sql) && !OF_THE_START.test(sql));
    expect(asked.filter((sql) => /\bfrom "challenges"/.test(sql)).length).toBeGreaterThan(2);
    expect(asked.filter((sql) => /\binto "challenge_responses"/.test(sql)).length).toBeGreaterThan(0);
    const db = new DatabaseSync(await databaseIn(server.dataDir), { readOnly: true });
    const scans = asked.flatMap((sql) =>
      plan(db, sql)
        .filter((step) => isScan(step, sql))
        .map((step) => `${step}\n  ${sql}`),
    );
    db.close();
    expect(scans).toEqual([]);
  });
});

/** Runs in the server: each SQL text once it is prepared. */
const WRITE_STATEMENTS = `
import { DatabaseSync } from 'node:sqlite';
import { appendFileSync } from 'node:fs';
const { prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.prepare = function (sql, ...rest) {
  appendFileSync(process.env.STATEMENTS_LOG, JSON.stringify(sql) + '\\n');
  return prepare.call(this, sql, ...rest);
};`;

/** Every call that comes with each play. */
async function playAll(nobody: Api, author: Api, id: string): Promise<void> {
  const { api: guest } = await guestPlayer(nobody);
  for (const player of [nobody, guest]) {
    const page = await player.call('feed', { query: { limit: 1 } });
    expect(page.items).toHaveLength(1);
    await player.call('challenge', { params: { id } });
  }
  await guest.call('guess', { params: { id }, body: { guess: 0 } });
  await guest.call('reveal', { params: { id } });
  await guest.call('feed', { query: {} });
  await guest.call('me');
  await author.call('myChallenges', { query: { limit: 1 } });
  await author.call('createChallenge', { body: {} });
}

function plan(db: DatabaseSync, sql: string): string[] {
  return (db.prepare(`explain query plan ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail);
}

/** Reads a whole table. Walking along an index as far as a limit is none; nor is reading what a sub-query has given. */
function isScan(step: string, sql: string): boolean {
  if (!step.startsWith('SCAN ') || /^SCAN (CONSTANT ROW|\(|json_each)/.test(step)) {
    return false;
  }
  return !(/USING (COVERING )?INDEX/.test(step) && /\blimit\b/i.test(sql));
}

/** Bytes that no compression makes smaller, in the app's own chunks, of which one is in this process at a time. */
async function upload(api: Api, size: number): Promise<void> {
  const { id } = await api.call('createChallenge', { body: {} });
  const created = await tusCreate(api, { challenge_id: id, segment_index: 0 }, size);
  const url = created.headers.get('location') ?? '';
  for (let offset = 0; offset < size; offset += UPLOAD_CHUNK_BYTES) {
    const bytes = new Uint8Array(randomBytes(Math.min(UPLOAD_CHUNK_BYTES, size - offset)));
    const response = await tusPatch(api, url, offset, bytes);
    expect(response.status, await response.text()).toBe(204);
  }
}
