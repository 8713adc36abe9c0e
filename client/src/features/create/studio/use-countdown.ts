import { useEffect, useRef, useState } from 'react';
import { feel } from '../../../lib/haptics';

const SECOND = 1000;
const FROM = 3;

/** Three, two, one. `left` is null while nothing is counted. */
export function useCountdown(onZero: () => void) {
  const [left, setLeft] = useState<number | null>(null);
  const done = useRef(onZero);
  useEffect(() => {
    done.current = onZero;
  }, [onZero]);
  useEffect(() => {
    if (left === null) {
      return;
    }
    if (left === 0) {
      setLeft(null);
      done.current();
      return;
    }
    feel('pick');
    const timer = setTimeout(() => setLeft(left - 1), SECOND);
    return () => clearTimeout(timer);
  }, [left]);
  return { left, start: () => setLeft(FROM), cancel: () => setLeft(null) };
}
