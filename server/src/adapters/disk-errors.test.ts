import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { errnoOf, translateDiskError } from './disk-errors.ts';

test('a used-up disk or quota is the problem that says so; the cause stays', () => {
  for (const code of ['ENOSPC', 'EDQUOT']) {
    const cause = Object.assign(new Error('no'), { code });
    expect(translateDiskError(cause)).toMatchObject({ code: 'storage_full', status: 507, cause });
  }
});

test('other errors stay what they are', async () => {
  const missing = await readFile('/nowhere/at/all').catch((error: unknown) => error);
  expect(errnoOf(missing)).toBe('ENOENT');
  expect(translateDiskError(missing)).toBe(missing);
  expect([errnoOf(new Error('x')), errnoOf('ENOENT'), errnoOf(null)]).toEqual([undefined, undefined, undefined]);
});
