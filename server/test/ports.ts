/** Ports for tests: real SQLite and files in a folder of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildEmbedded } from '../src/adapters/embedded.ts';
import { type Config, parseConfig } from '../src/config.ts';
import type { Log, Ports } from '../src/ports.ts';

/** What a test gets: the ports, where they live, and the settings they were built with. Delete it with `await using`. */
export interface TestPorts extends Ports, AsyncDisposable {
  data_dir: string;
  config: Config;
}

/** Says nothing. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Migrated and empty; `overrides` take the place of single ports, `settings` are as in the environment. The folder goes with it. */
export async function buildPorts(overrides: Partial<Ports> = {}, settings: Record<string, string> = {}): Promise<TestPorts> {
  const data_dir = await mkdtemp(join(tmpdir(), '2t1l-'));
  const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: data_dir, LOG_LEVEL: 'silent', ...settings });
  const ports = await buildEmbedded(config, { log: silentLog, ...overrides });
  return {
    ...ports,
    data_dir,
    config,
    async [Symbol.asyncDispose]() {
      await ports[Symbol.asyncDispose]();
      await rm(data_dir, { recursive: true, force: true });
    },
  };
}

/** A clock that stands still until `pass` moves it. */
export function fakeClock(startMs: number = Date.UTC(2026, 0, 1)): { now(): number; pass(ms: number): void } {
  let now = startMs;
  return {
    now: () => now,
    pass(ms) {
      now += ms;
    },
  };
}
