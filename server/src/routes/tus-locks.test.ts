import { expect, test } from 'vitest';
import { fakeClock } from '../../test/ports.ts';
import { TusLocks } from './tus-locks.ts';

const never = new AbortController().signal;
const locked = expect.objectContaining({ code: 'upload_locked' });

test('a holder that goes on receiving keeps its lock; a silent one is asked to let go, and the next try gets it', async () => {
  const clock = fakeClock();
  const locks = new TusLocks(clock);
  const first = locks.newLock('a');
  let asked = 0;
  await first.lock(never, () => {
    asked += 1;
  });
  for (let second = 0; second < 20; second++) {
    clock.pass(1000);
    locks.touch('a');
  }
  await expect(locks.newLock('a').lock(never, () => {})).rejects.toEqual(locked);
  expect(asked).toBe(0);
  clock.pass(5001);
  await expect(locks.newLock('a').lock(never, () => {})).rejects.toEqual(locked);
  expect(asked).toBe(1);
  await first.unlock();
  await locks.newLock('a').lock(never, () => {});
  await locks.newLock('b').lock(never, () => {});
});
