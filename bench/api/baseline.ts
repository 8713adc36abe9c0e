/** The FastAPI server of `baseline-fastapi/`, on a copy of our database and under our keys, so that it takes the same tokens. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../../e2e/harness/server.ts';
import { derivedKeys } from '../../server/src/adapters/file-keys.ts';
import { parseSecrets } from '../../server/src/secrets.ts';
import { tell } from '../lib/report.ts';

/** Debian's Python, not one of a version manager: that is where the packages are. `BENCH_PYTHON` names another one that has them. */
const PYTHON = process.env.BENCH_PYTHON ?? '/usr/bin/python3';
const PACKAGES = ['python3-fastapi', 'python3-uvicorn', 'python3-uvloop', 'python3-httptools', 'python3-jwt'];
const MODULES = 'fastapi, uvicorn, uvloop, httptools, jwt';
const VERSIONS = 'import fastapi, uvicorn, pydantic, platform; print(platform.python_version(), fastapi.__version__, pydantic.VERSION)';
const FOLDER = join(import.meta.dirname, '../baseline-fastapi');
const START_MS = 20_000;

export interface Baseline extends AsyncDisposable {
  port: number;
  pid: number;
}

export interface BaselineOptions {
  /** A copy of the SQLite file: it is written to. */
  databasePath: string;
  /** What our server has as SECRET_KEY. */
  secretKey: string;
  /** False: answers go out without passing the response models. */
  hasResponseModels: boolean;
}

/** True where the baseline can run; installs its packages where that may be done without asking (apt-get as root). */
export function isBaselineReady(): boolean {
  if (python(`import ${MODULES}`) !== null) {
    return true;
  }
  const command = `apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`;
  if (process.getuid?.() !== 0 || process.env.BENCH_PYTHON !== undefined) {
    tell(`no comparison with FastAPI: ${PYTHON} lacks one of ${MODULES}; to have it:  sudo ${command}`);
    return false;
  }
  tell(`FastAPI and its fast parts: ${command}`);
  for (const line of ['apt-get update', command]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('sh', ['-c', `${line} -qq`], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return python(`import ${MODULES}`) !== null;
}

/** Versions of Python, FastAPI and pydantic. */
export function baselineVersions(): { python: string; fastapi: string; pydantic: string } {
  const [found = '', fastapi = '', pydantic = ''] = (python(VERSIONS) ?? '').trim().split(' ');
  return { python: found, fastapi, pydantic };
}

/** One process, as ours is. */
export async function startBaseline({ databasePath, secretKey, hasResponseModels }: BaselineOptions): Promise<Baseline> {
  const port = await freePort();
  const flags = ['--port', String(port), '--loop', 'uvloop', '--http', 'httptools', '--no-access-log', '--no-proxy-headers'];
  const child = spawn(PYTHON, ['-O', '-m', 'uvicorn', 'app:app', '--app-dir', FOLDER, '--log-level', 'warning', ...flags], {
    env: {
      PATH: process.env.PATH,
      PYTHONDONTWRITEBYTECODE: '1',
      DATABASE: databasePath,
      RESPONSE_MODELS: hasResponseModels ? 'on' : 'off',
      ...keysOf(secretKey),
    },
    stdio: ['ignore', 2, 2],
  });
  await answering(child, port);
  return {
    port,
    pid: child.pid ?? -1,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
    },
  };
}

function keysOf(secretKey: string): Record<string, string> {
  const keys = derivedKeys(parseSecrets(secretKey));
  const hex = (purpose: Parameters<typeof keys.key>[0]) => Buffer.from(keys.key(purpose, keys.current) ?? []).toString('hex');
  return { KEY_ID: keys.current, TOKEN_KEY: hex('access-token'), BLOB_KEY: hex('blob-url'), CURSOR_KEY: hex('cursor') };
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  for (const deadline = Date.now() + START_MS; ; ) {
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    ) {
      return;
    }
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error('the FastAPI server does not answer; its own words are above');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function python(code: string): string | null {
  const result = spawnSync(PYTHON, ['-c', code], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout : null;
}
