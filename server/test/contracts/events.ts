/** What every log of events must do. */
import type { ChallengeEvent } from '@2t1l/contract/events';
import { describe, expect, test } from 'vitest';
import type { Db, Events } from '../../src/ports.ts';
import { transact } from '../../src/store/transact.ts';

/** An empty log; `second` is that of another process on the same database. */
export interface EventsUnderTest extends AsyncDisposable {
  db: Db;
  events: Events;
  second: Events;
}

/** News of another process must be told within 200 ms. */
export function eventsContract(name: string, make: () => Promise<EventsUnderTest>): void {
  const changed = (challenge_id: string, status: 'ready' | 'published' = 'ready'): ChallengeEvent => ({
    type: 'challenge.changed',
    challenge_id,
    status,
  });
  const add = (held: EventsUnderTest, event: ChallengeEvent, audience: 'author' | 'everyone' = 'author') =>
    transact(held.db, (tx) => held.events.add(tx, event, audience));

  describe(`events: ${name}`, () => {
    test('are read in order, above an id, of one challenge, with their audience', async () => {
      await using held = await make();
      expect(await held.events.lastId('a')).toBe(0);
      await add(held, changed('a'));
      await add(held, changed('b'));
      await add(held, changed('a', 'published'), 'everyone');
      const all = await held.events.read('a', 0, 10);
      expect(all).toMatchObject([
        { audience: 'author', event: changed('a') },
        { audience: 'everyone', event: changed('a', 'published') },
      ]);
      const [first, last] = all;
      expect(last?.id).toBeGreaterThan(first?.id ?? Number.POSITIVE_INFINITY);
      expect(await held.events.read('a', first?.id ?? 0, 10)).toEqual([last]);
      expect(await held.events.read('a', 0, 1)).toEqual([first]);
      expect(await held.events.lastId('a')).toBe(last?.id);
    });

    test('an id never comes back, also when the newest were trimmed', async () => {
      await using held = await make();
      await add(held, changed('a'));
      const before = await held.events.lastId('a');
      await held.db.deleteFrom('events').execute();
      await add(held, changed('a'));
      expect(await held.events.lastId('a')).toBeGreaterThan(before);
    });

    test('listeners are woken after the commit, each for its challenge only, until they stop', async () => {
      await using held = await make();
      const woken: string[] = [];
      const stopA = held.events.listen('a', () => woken.push('a'));
      const stopB = held.events.listen('b', () => woken.push('b'));
      await transact(held.db, async (tx) => {
        await held.events.add(tx, changed('a'), 'author');
        expect(woken).toEqual([]);
      });
      expect(woken).toEqual(['a']);
      stopA();
      await add(held, changed('a'));
      await add(held, changed('b'));
      expect(woken).toEqual(['a', 'b']);
      stopB();
    });

    test('what is rolled back wakes nobody and is not kept', async () => {
      await using held = await make();
      let woken = 0;
      const stop = held.events.listen('a', () => {
        woken += 1;
      });
      const failing = transact(held.db, async (tx) => {
        await held.events.add(tx, changed('a'), 'author');
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect([woken, await held.events.lastId('a')]).toEqual([0, 0]);
      stop();
    });

    test('the same function may listen twice, and stopping one leaves the other', async () => {
      await using held = await make();
      let woken = 0;
      const wake = () => {
        woken += 1;
      };
      const stop1 = held.events.listen('a', wake);
      const stop2 = held.events.listen('a', wake);
      await add(held, changed('a'));
      expect(woken).toBe(2);
      stop1();
      stop1();
      await add(held, changed('a'));
      expect(woken).toBe(3);
      stop2();
    });

    test('one broken listener does not silence the others', async () => {
      await using held = await make();
      let woken = 0;
      const stop1 = held.events.listen('a', () => {
        throw new Error('broken');
      });
      const stop2 = held.events.listen('a', () => {
        woken += 1;
      });
      await add(held, changed('a'));
      expect(woken).toBe(1);
      stop1();
      stop2();
    });

    test('listeners hear of what another process has written', async () => {
      await using held = await make();
      let woken = 0;
      const stop = held.second.listen('a', () => {
        woken += 1;
      });
      for (let count = 1; count <= 3; count += 1) {
        await new Promise((wait) => setTimeout(wait, 60));
        await add(held, changed('b'));
        await add(held, changed('a'));
        await expect.poll(() => woken, { timeout: 2_000, interval: 10 }).toBe(count);
      }
      stop();
    });

    test('an event between a first reading and the next look of the poll is not missed', async () => {
      await using held = await make();
      for (let round = 0; round < 5; round += 1) {
        let woken = 0;
        const stop = held.second.listen('a', () => {
          woken += 1;
        });
        // As a reader does: listen first, then read what there is, then wait to be woken.
        const seen = await held.second.lastId('a');
        await add(held, changed('a'));
        expect(await held.second.lastId('a')).toBeGreaterThan(seen);
        await expect.poll(() => woken, { timeout: 2_000, interval: 10 }).toBeGreaterThan(0);
        stop();
      }
    });
  });
}
