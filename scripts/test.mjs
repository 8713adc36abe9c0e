/**
 * `npm test [-- KIND …]`: everything, or only the kinds named: static, unit, integration, e2e, performance, security; `long` runs the
 * whole with full counts. Ends with one line `N passed, N failed`; a runner that ran no test counts as a failure.
 * Plain JavaScript for any Node >= 18.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE, ROOT, setUp } from './setup.mjs';
import { buildWeb } from './web.mjs';

const KINDS = ['static', 'unit', 'integration', 'e2e', 'performance', 'security'];
const BIN = join(ROOT, 'node_modules');

/** Each runner: what it is called, which kind it belongs to, and how it counts. A plain command counts as one test. */
const RUNNERS = [
  { kind: 'static', name: 'types', command: [join(BIN, 'typescript/bin/tsc'), '-p', '.'] },
  { kind: 'static', name: 'types of the app', command: [join(BIN, 'typescript/bin/tsc'), '-p', 'client'] },
  { kind: 'static', name: 'format and lint', command: [join(BIN, '@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', '.'] },
  {
    kind: 'static',
    name: 'import law',
    command: [
      join(BIN, 'dependency-cruiser/bin/dependency-cruiser.mjs'),
      'game',
      'contract',
      'media',
      'analysis',
      'server',
      'client/src',
      'e2e',
      '--config',
      '.dependency-cruiser.mjs',
    ],
  },
  { kind: 'static', name: 'unused files, exports and packages', command: [join(BIN, 'knip/bin/knip.js')] },
  { kind: 'unit', name: 'unit tests', vitest: ['--project', 'game', '--project', 'contract', '--project', 'scripts'] },
  { kind: 'unit', name: 'app components', jest: 'client' },
  { kind: 'integration', name: 'integration tests', vitest: ['--project', 'media', '--project', 'analysis', '--project', 'server'] },
  { kind: 'e2e', name: 'whole-system tests', vitest: ['--project', 'e2e'], browser: true },
  { kind: 'performance', name: 'performance', vitest: ['--project', 'performance'], browser: true },
  { kind: 'security', name: 'security', vitest: ['--project', 'security'], browser: true },
];

const asked = process.argv.slice(2).filter((word) => word !== 'long');
const unknown = asked.filter((word) => !KINDS.includes(word));
if (unknown.length > 0) {
  console.error(`unknown kind of test: ${unknown.join(', ')}; there are ${KINDS.join(', ')}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const runners = RUNNERS.filter((runner) => asked.length === 0 || asked.includes(runner.kind));

const env = {
  ...setUp({ browser: runners.some((runner) => runner.browser) }),
  ...(process.argv.includes('long') ? { TEST_LONG: '1' } : {}),
};
if (runners.some((runner) => runner.browser)) {
  buildWeb(env);
}
const scratch = mkdtempSync(join(tmpdir(), 'test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const summary = [];

for (const runner of runners) {
  const began = Date.now();
  console.log(`\n=== ${runner.name} ===`);
  const result = runner.vitest ? runVitest(runner) : runner.jest ? runJest(runner) : runPlain(runner);
  total.passed += result.passed;
  total.failed += result.failed;
  total.skipped += result.skipped;
  summary.push(
    `${result.failed === 0 ? 'ok  ' : 'FAIL'} ${runner.name}: ${result.passed} passed, ${result.failed} failed (${Math.round((Date.now() - began) / 1000)} s)`,
  );
}
rmSync(scratch, { recursive: true, force: true });

console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function runPlain(runner) {
  const ok = spawn(runner.command, ROOT) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

function runVitest(runner) {
  const report = join(scratch, `${runner.kind}.json`);
  const coverage = runner.kind === 'unit' || runner.kind === 'integration' ? ['--coverage'] : [];
  const args = ['run', ...runner.vitest, ...coverage, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return count(spawn([join(BIN, 'vitest/vitest.mjs'), ...args], ROOT), report);
}

function runJest(runner) {
  const report = join(scratch, 'jest.json');
  return count(spawn([join(BIN, 'jest/bin/jest.js'), '--json', `--outputFile=${report}`], join(ROOT, runner.jest)), report);
}

function spawn([script, ...args], cwd) {
  return spawnSync(NODE, [script, ...args], { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] }).status;
}

/** Vitest and jest write the same report. A crash outside a test, or no test at all, is one failure more. */
function count(status, report) {
  if (!existsSync(report)) {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = numFailedTests === 0 && (status !== 0 || numPassedTests === 0) ? 1 : 0;
  return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests };
}
