import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { LimitRule, Limits } from '../ports.ts';

/** Counts in this process. The window of a key begins with its first point and ends after the rule's seconds. */
export function memoryLimits(): Limits {
  const limiters = new Map<string, RateLimiterMemory>();
  const limiterOf = ({ points, seconds }: LimitRule): RateLimiterMemory => {
    const name = `${points}/${seconds}`;
    const known = limiters.get(name);
    if (known !== undefined) {
      return known;
    }
    const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
    limiters.set(name, limiter);
    return limiter;
  };
  return {
    async take(key, rule) {
      try {
        await limiterOf(rule).consume(key);
        return { allowed: true, retry_after_seconds: 0 };
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) {
          return refused(refusal);
        }
        throw refusal;
      }
    },
    async giveBack(key, rule) {
      await limiterOf(rule).reward(key);
    },
    async reset(key) {
      await Promise.all([...limiters.values()].map((limiter) => limiter.delete(key)));
    },
  };
}

/** Never refuses; for measurements, where the limits would be what is measured. */
export function noLimits(): Limits {
  const allowed = { allowed: true, retry_after_seconds: 0 };
  return { take: async () => allowed, giveBack: async () => {}, reset: async () => {} };
}

function refused(state: RateLimiterRes): { allowed: boolean; retry_after_seconds: number } {
  return { allowed: false, retry_after_seconds: Math.max(1, Math.ceil(state.msBeforeNext / 1000)) };
}
