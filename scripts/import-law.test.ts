import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

interface Cruise {
  summary: { totalCruised: number; violations: { rule: { name: string }; from: string }[] };
}

/** Runs the import law over `folders` of the tree `cwd`. It exits non-zero on a violation and prints the report all the same. */
function cruise(cwd: string, folders: string[]): Cruise {
  const args = [
    join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
    ...folders,
    '--config',
    join(ROOT, '.dependency-cruiser.mjs'),
  ];
  try {
    return JSON.parse(execFileSync(process.execPath, [...args, '--output-type', 'json'], { cwd, encoding: 'utf8', maxBuffer: 1e9 }));
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout);
  }
}

let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'import-law-'));
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
});

afterEach(() => {
  rmSync(tree, { recursive: true });
});

function plant(file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

test('the law sees the tree', () => {
  const { summary } = cruise(ROOT, ['game', 'contract', 'media', 'server']);
  expect(summary.totalCruised).toBeGreaterThan(15);
  expect(summary.violations).toEqual([]);
});

test.each([
  ['game', 'game/src/planted.ts', "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n"],
  ['game', 'game/src/planted.ts', "import type { Readable } from 'node:stream';\nexport type X = Readable;\n"],
  ['contract', 'contract/src/planted.ts', "import fastify from 'fastify';\nexport const x = fastify;\n"],
  ['media', 'media/src/planted.ts', "import { PROBLEMS } from '@2t1l/contract/problems';\nexport const x = PROBLEMS;\n"],
  ['flow', 'server/src/flow/planted.ts', "import fastify from 'fastify';\nexport const x = fastify;\n"],
  ['flow', 'server/src/flow/planted.ts', "import { x } from '../routes/planted.ts';\nexport const y = x;\n"],
  ['demo', 'server/src/demo/planted.ts', "import { x } from '../routes/planted.ts';\nexport const y = x;\n"],
  ['store', 'server/src/store/planted.ts', "import { x } from '../adapters/planted.ts';\nexport const y = x;\n"],
  ['routes', 'server/src/routes/planted.ts', "import { x } from '../adapters/planted.ts';\nexport const y = x;\n"],
  ['adapters', 'server/src/adapters/other.ts', "import { x } from '../flow/planted.ts';\nexport const y = x;\n"],
  ['features-stay-apart', 'client/src/features/feed/planted.ts', "import { x } from '../watch/planted.ts';\nexport const y = x;\n"],
  ['client-is-no-server', 'client/src/lib/planted.ts', "import { x } from '../../../server/src/routes/planted.ts';\nexport const y = x;\n"],
  ['ui-and-lib-do-not-climb', 'client/src/ui/planted.ts', "import { x } from '../features/watch/planted.ts';\nexport const y = x;\n"],
  ['resolvable', 'game/src/planted.ts', "import { x } from './missing.ts';\nexport const y = x;\n"],
])('a planted violation of "%s" in %s is seen', (rule, file, text) => {
  for (const target of ['server/src/routes', 'server/src/adapters', 'server/src/flow', 'client/src/features/watch', 'contract/src']) {
    plant(`${target}/planted.ts`, 'export const x = 1;\n');
  }
  plant(file, text);
  const folder = file.split('/')[0] ?? '';
  const found = cruise(tree, [folder]).summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`);
  expect(found).toContain(`${rule} ${file}`);
});
