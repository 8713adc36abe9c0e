/** What every way to a device must do. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Push, PushAddress } from '../../src/ports.ts';
import type { Mood, PushService } from '../push-services.ts';

const MESSAGE = { title: 'Der erste Tipp ist da', body: 'Jemand hat sich entschieden: „Üb“.', path: '/c/1', tag: 'a1', ttl_seconds: 3600 };

/** `make` gives the one router of all, and the service that stands behind this kind of address. */
export function pushContract(kind: PushAddress['kind'], make: () => { push: Push; service: PushService }): void {
  describe(`push: ${kind}`, () => {
    const send = (mood: Mood, address: PushAddress, signal = new AbortController().signal) => {
      const { push, service } = make();
      service.mood = mood;
      return push.send(address, MESSAGE, signal);
    };

    test('a message arrives as it was said', async () => {
      const { push, service } = make();
      service.arrived.length = 0;
      const address = service.address();
      expect(push.takes(address)).toBe(true);
      expect(await send('well', address)).toEqual({ outcome: 'sent', receipt: kind === 'expo' ? 'receipt-1' : null });
      expect(service.arrived).toEqual([MESSAGE]);
    });

    test('a device that is gone is said to be gone, and a message that never arrives to be refused, without its address', async () => {
      const address = make().service.address();
      expect(await send('gone', address)).toEqual({ outcome: 'gone' });
      const refused = await send('refusing', address);
      expect(refused).toEqual({ outcome: 'refused', reason: expect.stringMatching(/^[\w ]+$/) });
    });

    test.each(['busy', 'away'] as const)('a service that is %s throws, and says nothing of the address', async (mood) => {
      const address = make().service.address();
      const error = await send(mood, address).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(Error);
      const secret = address.kind === 'expo' ? address.token : address.endpoint.slice(-20);
      expect(inspect(error, { depth: null })).not.toContain(secret);
    });

    test('a service that never answers is left when the job ends', async () => {
      const ending = new AbortController();
      const sending = send('hanging', make().service.address(), ending.signal);
      setTimeout(() => ending.abort(), 50);
      await expect(sending).rejects.toThrow('took too long');
    });
  });
}
