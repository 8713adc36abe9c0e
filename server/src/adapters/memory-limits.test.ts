import { expect, test } from 'vitest';
import { limitsContract } from '../../test/contracts/limits.ts';
import { memoryLimits, noLimits } from './memory-limits.ts';

limitsContract('memory', async () => memoryLimits());

test('no limits never refuse', async () => {
  const limits = noLimits();
  const rule = { points: 1, seconds: 60 };
  await limits.take('a', rule);
  expect([await limits.take('a', rule), await limits.take('a', rule)]).toEqual([
    { allowed: true, retry_after_seconds: 0 },
    { allowed: true, retry_after_seconds: 0 },
  ]);
});
