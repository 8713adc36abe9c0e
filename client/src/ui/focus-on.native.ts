import { AccessibilityInfo, type Text, type View } from 'react-native';

/** A phone's screen reader goes to `words`, which it scrolls into view itself. */
export function focusOn(words: Text | View | null, _around: View | null): void {
  if (words !== null) {
    AccessibilityInfo.sendAccessibilityEvent(words, 'focus');
  }
}
