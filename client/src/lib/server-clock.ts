/** The server's clock, as far as this device knows it: its own may be wrong by years, and times of several devices are compared. */
import AsyncStorage from '@react-native-async-storage/async-storage';

const KEY = '2t1l.clock';
/** A `Date` header counts whole seconds, and the way takes its time: less is no news. */
const NOISE_MS = 2000;

let offsetMs = 0;

/** Milliseconds since 1970 by the server's clock; by this device's own until it has once heard from the server. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** What the clock of an answer says: its `Date` header, null where it has none. */
export function hearServerDate(date: string | null): void {
  const heard = date === null ? Number.NaN : Date.parse(date) - Date.now();
  if (Number.isNaN(heard) || Math.abs(heard - offsetMs) < NOISE_MS) {
    return;
  }
  offsetMs = heard;
  AsyncStorage.setItem(KEY, String(offsetMs)).catch(() => undefined);
}

/** What was known at the last start. */
export async function readServerClock(): Promise<void> {
  const kept = Number(await AsyncStorage.getItem(KEY).catch(() => null));
  offsetMs = Number.isFinite(kept) ? kept : 0;
}
