import { AppState } from 'react-native';
import type { DeviceEvents } from './device-events.types.ts';

/** What the app hears from the phone. */
export function listenToDevice({ onWake, onLeave }: DeviceEvents): void {
  AppState.addEventListener('change', (next) => (next === 'active' ? onWake() : onLeave()));
}
