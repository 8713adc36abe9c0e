import type { Text, View } from 'react-native';

/** The focus of keys and screen readers goes to `words`; all of `around` scrolls into view, its top where it is too high for it. */
export function focusOn(words: Text | View | null, around: View | null): void {
  const element = words as unknown as HTMLElement | null;
  const whole = around as unknown as HTMLElement | null;
  if (element !== null && element.tabIndex < 0) {
    // Not a stop of the Tab key, but a place to stand.
    element.tabIndex = -1;
  }
  element?.focus({ preventScroll: true });
  whole?.scrollIntoView({ block: 'nearest' });
}
