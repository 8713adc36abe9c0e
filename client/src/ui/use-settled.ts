import { useEffect, useState } from 'react';

/** Longer than the two presses of a double press are apart. */
export const SETTLED_AFTER_MS = 600;

/**
 * False for the first moment. What appears where a button was just pressed waits for it, so that the second half of a
 * double press does not press it too.
 */
export function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isSettled;
}
