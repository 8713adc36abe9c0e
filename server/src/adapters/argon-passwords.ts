import { availableParallelism } from 'node:os';
import { Problem } from '@2t1l/contract/problems';
import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from '../ports.ts';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Same parameters, salt and hash of zero bytes: no password fits it, and finding that out takes as long as with a real one. */
const NOBODY = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
/** The hashes run in libuv's pool of four threads; one at least is left to files. */
const THREADS_MAX = 3;
const QUEUE_MAX = 64;

/** argon2id, a hash a core at once. `queueMax`: callers that may wait; one more gets a `busy` Problem. */
export function argonPasswords(queueMax: number = QUEUE_MAX): Passwords {
  const inTurn = turnstile(Math.min(availableParallelism(), THREADS_MAX), queueMax);
  return {
    hash: (password) => inTurn(() => hash(password, PARAMETERS)),
    verify: (known, password) => inTurn(async () => (await verify(known ?? NOBODY, password)) && known !== null),
  };
}

/** Lets `atOnce` calls in and keeps `queueMax` waiting. */
function turnstile(atOnce: number, queueMax: number): <T>(call: () => Promise<T>) => Promise<T> {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async (call) => {
    if (inside < atOnce) {
      inside += 1;
    } else if (waiting.length >= queueMax) {
      throw new Problem('busy', { detail: 'Too many people log in at this moment', retry_after_seconds: 2 });
    } else {
      await new Promise<void>((enter) => waiting.push(enter));
    }
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      if (next === undefined) {
        inside -= 1;
      } else {
        next();
      }
    }
  };
}
