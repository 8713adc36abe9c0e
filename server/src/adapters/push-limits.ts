/** How long a push service may take. */
const LIMIT_MS = 10_000;

/** Aborted with the job, or when the push service takes too long. */
export function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
}

/** A push service that is away, busy or silent. Says nothing of what was sent to whom: addresses are secrets. */
export class PushUnavailable extends Error {
  override readonly name = 'PushUnavailable';
}
