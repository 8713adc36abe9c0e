import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = `import { getPriority } from 'node:os';
import { lowerPriority } from '${new URL('lower-priority.ts', import.meta.url)}';
const before = getPriority(0);
lowerPriority();
console.log(JSON.stringify([before, getPriority(0)]));`;

test.runIf(process.platform === 'linux').each([0, 10])(
  'started %i lower, it is lowered and never raised (Linux alone has it by thread)',
  async (by) => {
    const args = ['-n', String(by), process.execPath, '--input-type=module', '-e', PROGRAM];
    const [before, after] = JSON.parse((await promisify(execFile)('nice', args)).stdout);
    expect(before).toBeGreaterThanOrEqual(by);
    expect(after).toBe(Math.max(before, 5));
  },
);
