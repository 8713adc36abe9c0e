/**
 * Brings what a fresh machine lacks: the packages (and with them Node 24), ffmpeg, and Chromium for the tests.
 * Plain JavaScript for any Node >= 18. Says in one line what it does; does and says nothing the second time.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Node 24, brought by the npm package `node`. */
export const NODE = join(ROOT, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
/**
 * What Node gets to start the server, below ROOT: that of `npm run serve`. V8's young generation would grow to 134 MB on a large machine;
 * at 34 MB a call takes 2 to 7 % more CPU, and the process 120 MB less memory after a load.
 */
export const SERVER = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  .scripts.serve.split(' ')
  .slice(1);
const WORKSPACES = ['game', 'contract', 'media', 'analysis', 'server', 'client', 'e2e'];

/**
 * Sets the machine up and returns the environment in which the project's programs run: Node 24 and the packages' commands first.
 * @param {{ browser?: boolean }} needs `browser`: the tests need Chromium.
 */
export function setUp(needs = {}) {
  installPackages();
  need('ffmpeg', process.env.FFMPEG_PATH, ['ffmpeg'], 'the videos are cut with it');
  if (needs.browser) {
    need('chromium', process.env.CHROMIUM_PATH, ['chromium', 'chromium-browser', 'google-chrome'], 'the tests click through the app in it');
  }
  const path = [dirname(NODE), join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path };
}

/** The first of `names` on the PATH, or null. */
export function onPath(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder
      }
    }
  }
  return null;
}

/** Packages as the lock file says; a stamp beside them remembers which lock file they came from. */
function installPackages() {
  const stamp = join(ROOT, 'node_modules/.installed');
  const wanted = createHash('sha256');
  for (const file of ['package-lock.json', 'package.json', ...WORKSPACES.map((name) => `${name}/package.json`)]) {
    wanted.update(readFileSync(join(ROOT, file)));
  }
  const digest = wanted.digest('hex');
  const isDone = () => existsSync(stamp) && existsSync(NODE) && readFileSync(stamp, 'utf8') === digest;
  if (isDone()) {
    return;
  }
  const unlock = lockSetUp();
  try {
    if (isDone()) {
      return;
    }
    say('packages: npm ci (one to three minutes, once)');
    run(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
      'npm ci failed; its own words are above',
    );
    if (!existsSync(NODE)) {
      fail('npm ci did not bring Node 24 (package "node"); run "npm ci --foreground-scripts" to see why');
    }
    writeFileSync(stamp, digest);
  } finally {
    unlock();
  }
}

/** One at a time: two `npm ci` in one folder leave it empty. The lock of a process that is gone does not count. */
function lockSetUp() {
  const lock = join(tmpdir(), `2t1l-set-up-${createHash('sha256').update(ROOT).digest('hex').slice(0, 12)}`);
  let hasSaid = false;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw error;
      }
    }
    if (!isRunning(lock)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!hasSaid) {
      say('waiting for another set-up of this folder');
      hasSaid = true;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  }
}

function isRunning(lock) {
  try {
    const text = readFileSync(lock, 'utf8');
    // Without a number the other process is just about to write it, or was killed there.
    return text === '' ? Date.now() - statSync(lock).mtimeMs < 5000 : process.kill(Number(text), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Finds a program of the system or installs it where this may be done without asking: apt-get as root. */
function need(debianPackage, override, names, why) {
  if (override) {
    if (!existsSync(override)) {
      fail(`${override} does not exist; the setting that names it is wrong`);
    }
    return;
  }
  if (onPath(names)) {
    return;
  }
  const isRoot = process.getuid?.() === 0;
  if (isRoot && onPath(['apt-get'])) {
    say(`${debianPackage}: apt-get install (about half a minute, once)`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['install', '-y', '-qq', '--no-install-recommends', debianPackage];
    run('apt-get', ['update', '-qq'], 'apt-get update failed; its own words are above', { env, quiet: true });
    run('apt-get', install, `apt-get install ${debianPackage} failed; its own words are above`, { env, quiet: true });
    return;
  }
  const command = process.platform === 'darwin' ? `brew install ${debianPackage}` : `sudo apt-get install ${debianPackage}`;
  fail(`${debianPackage} is missing (${why}). Install it and run this again:  ${command}`);
}

function run(command, args, complaint, options = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    env: options.env ?? process.env,
    stdio: options.quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    fail(complaint);
  }
}

export function say(text) {
  console.log(`[set-up] ${text}`);
}

export function fail(text) {
  console.error(`[set-up] ${text}`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp({ browser: process.argv.includes('--browser') });
}
