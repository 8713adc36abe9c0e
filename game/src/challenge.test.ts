import { expect, test } from 'vitest';
import { isOpenForClips, isOpenForLie, STATES, STATUSES, statusOf } from './challenge.ts';

test('law: every state has a status, and every status is reached', () => {
  expect([...new Set(STATES.map(statusOf))].sort()).toEqual([...STATUSES].sort());
});

test('clips can be changed before the merge and after a failure', () => {
  expect(STATES.filter(isOpenForClips)).toEqual(['draft', 'failed']);
});

test('the lie is locked from publishing on', () => {
  expect(STATES.filter((state) => !isOpenForLie(state))).toEqual(['publishing', 'published', 'held', 'hidden', 'removed']);
});
