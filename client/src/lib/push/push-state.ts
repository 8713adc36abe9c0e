/** What a screen shows of notifications: decided from what the device, the server and the player have said. */
import type { PushState, PushTokenBody, PushWants } from '@2t1l/contract/push';
import type { PushPermission } from './push-device.types.ts';

export type PushView =
  | { status: 'loading' }
  /** Nothing can be turned on here, and why. */
  | { status: 'closed'; why: 'off' | 'none' | 'install' | 'denied' }
  | { status: 'off' }
  | { status: 'on'; wants: PushWants };

/** What is on when notifications are turned on with one tap. */
export const FIRST_WANTS: PushWants = { published: true, failed: true, guessed: true, digest: false };

/** `server` and `permission` are null until they are known. */
export function pushView(kind: PushTokenBody['kind'], server: PushState | null, permission: PushPermission | null): PushView {
  if (server === null || permission === null) {
    return { status: 'loading' };
  }
  if (!server.kinds.includes(kind)) {
    return { status: 'closed', why: 'off' };
  }
  if (permission === 'granted') {
    return server.device === null ? { status: 'off' } : { status: 'on', wants: server.device.wants };
  }
  return permission === 'askable' ? { status: 'off' } : { status: 'closed', why: permission };
}

/** After a switch was moved; null where nothing is wanted any more, which is the same as turned off. */
export function wantsAfter(wants: PushWants, changed: keyof PushWants, isOn: boolean): PushWants | null {
  const next = { ...wants, [changed]: isOn };
  return Object.values(next).some(Boolean) ? next : null;
}
