import type { DeviceEvents } from './device-events.types.ts';

/** What a tab hears from its surroundings. */
export function listenToDevice({ onWake, onLeave }: DeviceEvents): void {
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? onWake() : onLeave()));
  window.addEventListener('pagehide', onLeave);
}
