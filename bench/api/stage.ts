/** The servers that are measured: ours with many and with few challenges, and FastAPI on a copy of the many. */
import { randomBytes } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Server, startServer } from '../../e2e/harness/server.ts';
import { tell } from '../lib/report.ts';
import { isBaselineReady, startBaseline } from './baseline.ts';
import { type Calls, callsOf } from './calls.ts';
import { makeGuests, registerAccount, type TokenOf } from './players.ts';
import { challengeIds, seedChallenges } from './seed.ts';

export const MANY = 100_000;
export const FEW = 100;
/** With the few challenges this makes 200,000 guesses, more than a run can use up. */
const GUESSERS = 2000;
const READERS = 200;

export interface Target {
  port: number;
  pid: number;
  calls: Calls;
}

export interface Stage extends AsyncDisposable {
  many: Target;
  few: Target;
  /** Null where the packages are missing. */
  fastapi: Target | null;
  /** The same without response models. */
  bare: Target | null;
}

/** Starts, fills and restarts everything. */
export async function setStage(): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  try {
    return await set(stack);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function set(stack: AsyncDisposableStack): Promise<Stage> {
  const secretKey = `bench:${randomBytes(32).toString('base64url')}`;
  const env = { NODE_ENV: undefined, LIMITS: 'off', SECRET_KEY: secretKey, TOKEN_MINUTES: '1440', WEB_DIR: undefined };
  const many = stack.use(await startServer({ env }));
  const few = stack.use(await startServer({ env }));
  await registerAccount(many.origin);
  const readers = await makeGuests(many.origin, READERS);
  const guessers = await makeGuests(many.origin, GUESSERS);
  await Promise.all([many.stop(), few.stop()]);

  await placeDatabase(databaseOf(many), databaseOf(few));
  tell(`${MANY} and ${FEW} challenges`);
  const seed = { readers: readers.map((reader) => reader.player_id) };
  seedChallenges(databaseOf(many), { ...seed, challenges: MANY });
  seedChallenges(databaseOf(few), { ...seed, challenges: FEW });

  const cast = { readers, guessers };
  const manyIds = challengeIds(databaseOf(many));
  const baselineOn = async (name: string, hasResponseModels: boolean): Promise<Target> => {
    const databasePath = join(many.dataDir, `${name}.db`);
    await placeDatabase(databaseOf(many), databasePath);
    const server = stack.use(await startBaseline({ databasePath, secretKey, hasResponseModels }));
    return { port: server.port, pid: server.pid, calls: callsOf({ ...cast, challengeIds: manyIds }) };
  };
  const isReady = isBaselineReady();
  const fastapi = isReady ? await baselineOn('fastapi', true) : null;
  const bare = isReady ? await baselineOn('bare', false) : null;

  await Promise.all([many.restart(), few.restart()]);
  const stage = { fastapi, bare, many: targetOf(many, cast, manyIds), few: targetOf(few, cast, challengeIds(databaseOf(few))) };
  return { ...stage, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function targetOf(server: Server, cast: { readers: TokenOf[]; guessers: TokenOf[] }, ids: readonly string[]): Target {
  return { port: Number(new URL(server.origin).port), pid: server.pid(), calls: callsOf({ ...cast, challengeIds: ids }) };
}

function databaseOf(server: Server): string {
  return join(server.dataDir, 'app.db');
}

/** Copies the database of a stopped server; what another one has left beside the target goes. */
async function placeDatabase(from: string, to: string): Promise<void> {
  await Promise.all(['-wal', '-shm'].map((suffix) => rm(to + suffix, { force: true })));
  await copyFile(from, to);
}
