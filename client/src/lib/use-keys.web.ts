import { useIsFocused } from 'expo-router/react-navigation';
import { useEffect } from 'react';
import type { KeyHandlers } from './use-keys.types.ts';

/** What answers to Space and Enter itself. */
const PRESSED = ['a', 'button', ...['button', 'link', 'radio', 'checkbox', 'switch'].map((role) => `[role="${role}"]`)].join();

/** Keys of a whole screen, while it is in front and nobody is writing or moving a slider. */
export function useKeys(handlers: KeyHandlers): void {
  const isFocused = useIsFocused();
  useEffect(() => {
    if (!isFocused) {
      return;
    }
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      const isTaken = event.ctrlKey || event.metaKey || event.altKey || target?.matches('input, textarea, select, [role="slider"]');
      const isPress = (event.key === ' ' || event.key === 'Enter') && target?.matches(PRESSED);
      const handler = handlers[event.key];
      if (handler && !isTaken && !isPress) {
        event.preventDefault();
        handler();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [handlers, isFocused]);
}
