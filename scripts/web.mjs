/** The web app, built when its sources have changed since the last build. Plain JavaScript for any Node >= 18. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { fail, ROOT, say } from './setup.mjs';

const SOURCES = ['client/src', 'client/assets', 'client/public', 'game/src', 'contract/src', 'analysis/src/face', 'analysis/models'];
const FILES = [
  'scripts/web.mjs',
  'client/index.ts',
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
  bringParts(join(ROOT, 'client/dist'));
  writeShellList(join(ROOT, 'client/dist'));
  compress(join(ROOT, 'client/dist'));
  writeFileSync(stamp, digest);
}

const PROGRAMS = '/_expo/static/js/web/';
/** The frame around every screen, the tabs and the feed: what a start without an address needs. */
const PARTS_OF_FEED = /^(_layout|index)-[0-9a-f]+\.js$/;
/** The screens that a player goes to from there: a challenge, a player, create, sending, Me. */
const PARTS_OF_SCREENS = /^(\[id\]|\[handle\]|create|me)-[0-9a-f]+\.js$/;
/** After the first picture, so that nothing of it waits. */
const SCREENS_AFTER_MS = 2000;

/**
 * Lets the page bring the feed's parts along before the program that asks for them, and those of the other screens once it is idle. What is
 * there already is drawn at once (expo/src/async-require/asyncRequireModule.ts); for a part that comes later React first draws the ground and leaves
 * that standing for 300 ms (`FALLBACK_THROTTLE_MS`), once for each part.
 */
function bringParts(dist) {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const [program] = /<script src="[^"]+" defer><\/script>(?=\s*<\/body>)/.exec(page) ?? [];
  const parts = readdirSync(join(dist, PROGRAMS)).filter((name) => !page.includes(name));
  const feed = parts.filter((name) => PARTS_OF_FEED.test(name)).map((name) => PROGRAMS + name);
  const screens = parts.filter((name) => PARTS_OF_SCREENS.test(name)).map((name) => PROGRAMS + name);
  if (feed.length !== 3 || screens.length !== 5 || program === undefined) {
    fail(`the page cannot bring the parts of the screens along: ${[...feed, ...screens].join(', ')}`);
  }
  const tags = feed.map((path) => `<script src="${path}" defer></script>`).join('');
  const later = `<script>
      addEventListener('load', () => setTimeout(() => (self.requestIdleCallback || setTimeout)(() => {
        for (const path of ${JSON.stringify(screens)}) { document.body.append(Object.assign(document.createElement('script'), { src: path })); }
      }), ${SCREENS_AFTER_MS}));
    </script>`;
  writeFileSync(
    join(dist, 'index.html'),
    page.replace(program, () => tags + program).replace('</body>', () => `${later}</body>`),
  );
}

/** What opens only with a camera and a network: the live preview's own program, its nets and its WebAssembly. */
const NOT_SHELL =
  /preview-worker|\.(bin|wasm)$|^\/(sw|push-sw)\.js$|^\/metadata\.json$|\/\.|^\/icons\/(icon-512|maskable-512|apple-touch-icon)\.png$/;

/** Tells the service worker which files of the build are the shell, and gives that set a name. */
function writeShellList(dist) {
  const files = listBelow(dist)
    .map((path) => path.slice(dist.length))
    .filter((path) => !NOT_SHELL.test(path))
    .sort();
  const worker = readFileSync(join(dist, 'sw.js'), 'utf8');
  const hash = createHash('sha256').update(worker);
  for (const file of files) {
    hash.update(file).update(readFileSync(join(dist, file)));
  }
  const build = { version: hash.digest('hex').slice(0, 16), files, push: existsSync(join(dist, 'push-sw.js')) };
  const line = /^const BUILD = .*$/m;
  if (!line.test(worker)) {
    fail('client/public/sw.js has no line "const BUILD = …" to write the list of files into');
  }
  writeFileSync(
    join(dist, 'sw.js'),
    worker.replace(line, () => `const BUILD = ${JSON.stringify(build)};`),
  );
}

/** Lays a `.br` and a `.gz` beside every text and program of the build; the server hands them out as they are. */
function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      compress(path);
    } else if (/\.(js|css|html|json|webmanifest|svg|ttf|wasm)$/.test(entry.name)) {
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
  return existsSync(join(ROOT, folder)) ? listBelow(join(ROOT, folder)).map((path) => path.slice(ROOT.length + 1)) : [];
}

function listBelow(folder) {
  return readdirSync(folder)
    .map((name) => `${folder}/${name}`)
    .flatMap((path) => (statSync(path).isDirectory() ? listBelow(path) : [path]));
}
