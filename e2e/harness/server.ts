/** The real server as a process of its own, on a free port and a data folder that outlives its restarts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeScratch } from './scratch.ts';
import { until } from './until.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
/** What Node gets from `npm run serve`: flags, then the program. */
const SERVE = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { serve: string } }).scripts.serve
  .split(' ')
  .slice(1);
const START_MS = 60_000;
const STOP_MS = 20_000;

export interface ServerOptions {
  /** On top of this process's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** Moves the server's clock. */
  clockOffsetMs?: number;
  /** Code that runs in the server's process before it: JavaScript of a module. */
  preload?: string;
  /** False: returns as soon as the port answers, ready or not. */
  untilReady?: boolean;
  /** Where the data lies, instead of a folder that dies with the server. */
  dataDir?: string;
}

export interface Server extends AsyncDisposable {
  origin: string;
  dataDir: string;
  pid(): number;
  /** Everything that the process has printed, restarts included. */
  logs(): string;
  /** SIGKILL, and waits until the process is gone. */
  kill9(): Promise<void>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  /** Starts again on the same data and port; `options` replace those given before. */
  restart(options?: ServerOptions): Promise<void>;
}

/** Starts `server/src/main.ts` and waits for `/health/ready`. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const scratch = await makeScratch();
  const dataDir = options.dataDir ?? join(scratch.path, 'data');
  await mkdir(dataDir, { recursive: true });
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  let printed = '';
  let given = options;
  let child: ChildProcess | null = null;

  const start = async () => {
    const running = spawnServer(port, dataDir, given);
    child = running;
    for (const stream of [running.stdout, running.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
    }
    const path = given.untilReady === false ? '/health/live' : '/health/ready';
    await until(
      async () => {
        if (running.exitCode !== null || running.signalCode !== null) {
          throw new Error(`the server ended (${running.exitCode ?? running.signalCode}):\n${printed.slice(-4000)}`);
        }
        return fetch(`${origin}${path}`).then(
          (response) => response.ok,
          () => false,
        );
      },
      { what: `${path}; the server said:\n${printed.slice(-4000)}`, timeoutMs: START_MS, everyMs: 40 },
    );
  };

  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const running = child;
    if (running === null || running.exitCode !== null || running.signalCode !== null) {
      return running?.exitCode ?? null;
    }
    const gone = once(running, 'exit');
    running.kill(signal);
    const stopped = await Promise.race([gone, sleep(STOP_MS, null, { ref: false })]);
    if (stopped === null) {
      running.kill('SIGKILL');
      await gone;
      throw new Error(`the server did not end within ${STOP_MS} ms after ${signal}:\n${printed.slice(-4000)}`);
    }
    return running.exitCode;
  };

  const server: Server = {
    origin,
    dataDir,
    pid: () => child?.pid ?? -1,
    logs: () => printed,
    kill9: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    restart: async (changed) => {
      given = changed ?? given;
      await end('SIGTERM');
      await start();
    },
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL');
      await scratch[Symbol.asyncDispose]();
    },
  };
  try {
    await start();
  } catch (cause) {
    await server[Symbol.asyncDispose]();
    throw cause;
  }
  return server;
}

function spawnServer(port: number, dataDir: string, { env, clockOffsetMs, preload }: ServerOptions): ChildProcess {
  const modules = [
    ...(clockOffsetMs === undefined ? [] : [`const now = Date.now; Date.now = () => now() + ${clockOffsetMs};`]),
    ...(preload === undefined ? [] : [preload]),
  ];
  const imports = modules.flatMap((code) => ['--import', `data:text/javascript,${encodeURIComponent(code)}`]);
  return spawn(process.execPath, [...imports, ...SERVE], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: 'test',
      NODE_OPTIONS: '',
      PORT: String(port),
      DATA_DIR: dataDir,
      WEB_DIR: process.env.WEB_DIR ?? join(ROOT, 'client/dist'),
      DEMO: 'off',
      LIMITS: 'off',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('no free port');
  }
  return address.port;
}
