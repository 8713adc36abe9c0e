/** The web app, built when its sources have changed since the last build. Plain JavaScript for any Node >= 18. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { fail, ROOT, say } from './setup.mjs';

const SOURCES = ['client/src', 'client/assets', 'client/public', 'game/src', 'contract/src', 'analysis/src/face', 'analysis/models'];
const FILES = [
  'client/app.config.ts',
  'client/app.json',
  'client/metro.config.js',
  'client/babel.config.js',
  'client/package.json',
  'package-lock.json',
];

/** Builds `client/dist` where it is missing or older than its sources. `env` is what `setUp` gave. */
export function buildWeb(env) {
  const stamp = join(ROOT, 'client/dist/.built-from');
  const digest = digestOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) {
    return;
  }
  say('web app: expo export (one to three minutes, only when it has changed)');
  const result = spawnSync('expo', ['export', '-p', 'web', '--output-dir', 'dist'], {
    cwd: join(ROOT, 'client'),
    env: { ...env, CI: '1', EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1', NODE_ENV: 'production' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0) {
    console.error(result.stdout, result.stderr);
    fail('the web app could not be built; expo’s own words are above');
  }
  compress(join(ROOT, 'client/dist'));
  writeFileSync(stamp, digest);
}

/** Lays a `.br` and a `.gz` beside every text and program of the build; the server hands them out as they are. */
function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      compress(path);
    } else if (/\.(js|css|html|json|svg|ttf|wasm)$/.test(entry.name)) {
      const bytes = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    }
  }
}

function digestOfSources() {
  const hash = createHash('sha256');
  for (const file of [...FILES, ...SOURCES.flatMap(listFiles)].sort()) {
    if (existsSync(join(ROOT, file))) {
      hash.update(file).update(readFileSync(join(ROOT, file)));
    }
  }
  return hash.digest('hex');
}

function listFiles(folder) {
  if (!existsSync(join(ROOT, folder))) {
    return [];
  }
  return readdirSync(join(ROOT, folder))
    .map((name) => `${folder}/${name}`)
    .flatMap((path) => (statSync(join(ROOT, path)).isDirectory() ? listFiles(path) : [path]));
}
