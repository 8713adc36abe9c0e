import * as Haptics from 'expo-haptics';
import type { Haptic } from './haptics.types.ts';
import { store } from './store/store.ts';

/** A touch that is felt, unless its player has turned that off. Never waits, never fails. */
export function feel(haptic: Haptic): void {
  if (!store.getState().ui.haptics) {
    return;
  }
  void run(haptic).catch(() => undefined);
}

function run(haptic: Haptic): Promise<void> {
  switch (haptic) {
    case 'pick':
      return Haptics.selectionAsync();
    case 'record':
      return Haptics.impactAsync(Haptics.ImpactFeedbackStyle.Medium);
    case 'right':
      return Haptics.notificationAsync(Haptics.NotificationFeedbackType.Success);
    case 'wrong':
      return Haptics.notificationAsync(Haptics.NotificationFeedbackType.Error);
  }
}
