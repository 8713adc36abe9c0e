import type { DeviceEvents } from './device-events.types.ts';

/** What a tab hears from its surroundings. */
export function listenToDevice({ onWake, onLeave, onOutsideChange }: DeviceEvents): () => void {
  const onVisibility = () => (document.visibilityState === 'visible' ? onWake() : onLeave());
  const onStorage = ({ key, newValue }: StorageEvent) => onOutsideChange(key, newValue);
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('pagehide', onLeave);
  window.addEventListener('storage', onStorage);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('pagehide', onLeave);
    window.removeEventListener('storage', onStorage);
  };
}
