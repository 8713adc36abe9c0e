import type { PushTokenBody } from '@2t1l/contract/push';

/**
 * What this device says of notifications: `askable` before the person was asked; `install`: only once the app stands on the home screen;
 * `none`: never.
 */
export type PushPermission = 'granted' | 'denied' | 'askable' | 'install' | 'none';

/** Where messages to this device go. A secret between the device, its push service and our server. */
export type PushAddress = Pick<PushTokenBody, 'kind' | 'token' | 'subscription'>;

/** The device's half of notifications. */
export interface PushDevice {
  readonly kind: PushTokenBody['kind'];
  permission(): Promise<PushPermission>;
  /** Asks the person where they were not asked yet; null where they refuse. `webKey` is the server's. Throws where the push service is away. */
  subscribe(webKey: string | null): Promise<PushAddress | null>;
  /** The address that it has already, made anew where it was made for another key; without a question. Null where it has none. */
  current(webKey: string | null): Promise<PushAddress | null>;
  /** Gives the address back: nothing arrives here any more, whatever the server knows. */
  release(): Promise<void>;
  /** Calls with the path of the app that a tapped notification leads to, also of the tap that started the app. Answers how to stop. */
  onTap(listener: (path: string) => void): () => void;
}
