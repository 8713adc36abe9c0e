import { type ChallengeState, isOpenForLie, STATES } from '@2t1l/game/challenge';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildChallenge } from '../../test/factories.ts';
import { buildPorts } from '../../test/ports.ts';
import { findChallenge } from '../store/challenges.ts';
import { transact } from '../store/transact.ts';
import { enter, FLOW, type Stage, WORKING_STATES } from './flow.ts';

const stage = (state: ChallengeState): Stage => FLOW[state];

test('every state but removed can be removed, and nothing leads out of removed', () => {
  for (const state of STATES) {
    expect(stage(state).next.includes('removed')).toBe(state !== 'removed');
  }
});

test('a state in which a step works can fail, and from failed that step is tried again', () => {
  for (const state of WORKING_STATES) {
    expect(stage(state).next).toContain('failed');
    expect(stage('failed').next).toContain(state);
  }
});

test('however one walks: once the lie is locked by publishing, no later state opens it again', () => {
  const steps = fc.array(fc.nat(), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (choices) => {
      let state: ChallengeState = 'draft';
      let published = false;
      for (const choice of choices) {
        const { next } = stage(state);
        if (next.length === 0) {
          return;
        }
        state = next[choice % next.length] as ChallengeState;
        published ||= state === 'published';
        expect(published && isOpenForLie(state)).toBe(false);
      }
    }),
  );
});

test('every state can be reached from draft', () => {
  const reached = new Set<ChallengeState>(['draft']);
  for (const state of reached) {
    for (const next of stage(state).next) {
      reached.add(next);
    }
  }
  expect([...reached].sort()).toEqual([...STATES].sort());
});

test('enter refuses a way that is not in the table, and one from a state that was left', async () => {
  await using ports = await buildPorts();
  const { id, author_id: user_id } = await buildChallenge(ports);
  await expect(transact(ports.db, (tx) => enter(tx, ports, { id, user_id, status: 'draft' }, 'published'))).rejects.toThrow(
    'no way from draft',
  );
  await transact(ports.db, (tx) => enter(tx, ports, { id, user_id, status: 'draft' }, 'merging'));
  await expect(transact(ports.db, (tx) => enter(tx, ports, { id, user_id, status: 'draft' }, 'merging'))).rejects.toMatchObject({
    code: 'busy',
  });
  expect((await findChallenge(ports.db, id))?.status).toBe('merging');
  expect(await ports.db.selectFrom('jobs').select('kind').execute()).toEqual([{ kind: 'merge-clips' }]);
});

test('others hear of published and removed only, the author of every change', async () => {
  await using ports = await buildPorts();
  const { id, author_id: user_id } = await buildChallenge(ports, { status: 'publishing' });
  await transact(ports.db, (tx) => enter(tx, ports, { id, user_id, status: 'publishing' }, 'ready'));
  await transact(ports.db, (tx) => enter(tx, ports, { id, user_id, status: 'ready' }, 'published'));
  await transact(ports.db, (tx) => enter(tx, ports, { id, user_id, status: 'published' }, 'removed'));
  const events = await ports.events.read(id, 0, 10);
  expect(events.map(({ audience, event }) => [audience, 'status' in event && event.status])).toEqual([
    ['author', 'ready'],
    ['everyone', 'published'],
    ['everyone', 'removed'],
  ]);
});
