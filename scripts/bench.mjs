/**
 * `npm run bench -- NAME [--json] [--quick]`: sets the machine up and runs `bench/NAME.ts` under Node 24; without a name it lists the names.
 * `--json`: one line of JSON on stdout and everything else on stderr. Plain JavaScript for any Node >= 18.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE, ROOT, setUp } from './setup.mjs';
import { buildWeb } from './web.mjs';

const FLAGS = ['--json', '--quick'];
const FOLDER = join(ROOT, 'bench');

const words = process.argv.slice(2);
const [name, ...more] = words.filter((word) => !word.startsWith('--'));
const flags = words.filter((word) => word.startsWith('--'));
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

if (name === undefined && flags.length === 0) {
  console.log(`npm run bench -- NAME [--json] [--quick]\n\n${names.map((each) => `  ${each.padEnd(12)}${summaryOf(each)}`).join('\n')}`);
  process.exit(0);
}
if (more.length > 0 || !names.includes(name) || flags.some((flag) => !FLAGS.includes(flag))) {
  console.error(`npm run bench -- NAME [--json] [--quick]; names: ${names.join(', ')}`);
  process.exit(2);
}

// What the set-up says, and what npm and apt say below it, goes to stderr; the second call only gives the environment.
const setup = spawnSync(process.execPath, [join(ROOT, 'scripts/setup.mjs')], { stdio: ['ignore', 2, 2] });
if (setup.status !== 0) {
  process.exit(1);
}
// stdout is the benchmark's own.
console.log = console.error;
// These look at the app in a browser.
const needsApp = name === 'analysis' || name === 'client';
const env = setUp({ browser: needsApp });
if (needsApp) {
  buildWeb(env);
}
const result = spawnSync(NODE, [join(FOLDER, `${name}.ts`), ...flags], {
  cwd: ROOT,
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.exit(result.status ?? 1);

/** The first sentence of the comment at the top of the file. */
function summaryOf(each) {
  const text = readFileSync(join(FOLDER, `${each}.ts`), 'utf8');
  const comment = /^\/\*\*[\s*]*(.*?)\*\//s.exec(text)?.[1] ?? '';
  return comment.replace(/\s*\n\s*\*\s?/g, ' ').split(/[.:;](?:\s|$)/)[0];
}
