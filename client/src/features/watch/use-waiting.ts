import { useEffect, useState } from 'react';

/** Shorter waits are not worth a word. */
const SHOWN_AFTER_MS = 400;
const SLOW_AFTER_MS = 6000;
/** No picture at all after this long is a failure, not patience. */
const LOAD_LIMIT_MS = 20_000;

interface Film {
  isReady: boolean;
  /** Some of it was seen already. */
  hasBegun: boolean;
  isPlaying: boolean;
}

/** Whether the film waits for bytes, and whether it has waited too long for its first ones. */
export function useWaiting(
  source: string | null,
  { isReady, hasBegun, isPlaying }: Film,
): { waiting: 'no' | 'yes' | 'slow'; isLate: boolean } {
  const waits = source !== null && !isReady && (isPlaying || !hasBegun);
  const [waited, setWaited] = useState<{ source: string | null; ms: number }>({ source: null, ms: 0 });
  useEffect(() => {
    setWaited({ source, ms: 0 });
    if (!waits) {
      return;
    }
    const timers = [SHOWN_AFTER_MS, SLOW_AFTER_MS, LOAD_LIMIT_MS].map((ms) => setTimeout(() => setWaited({ source, ms }), ms));
    return () => timers.forEach(clearTimeout);
  }, [waits, source]);
  const ms = waits && waited.source === source ? waited.ms : 0;
  return {
    waiting: ms >= SLOW_AFTER_MS ? 'slow' : ms >= SHOWN_AFTER_MS ? 'yes' : 'no',
    isLate: ms >= LOAD_LIMIT_MS && !hasBegun,
  };
}
