/** Notifications: one door to the push services of phones and browsers, or none. */
import type { Push } from '../ports.ts';
import { type ExpoService, expoPush } from './push-expo.ts';
import { type VapidKeys, type WebService, webPush } from './push-web.ts';

/** `vapid`: this server's identity towards the browsers' push services. The two services can be replaced, by tests. */
export function routedPush(vapid: VapidKeys, services: { expo?: ExpoService; web?: WebService } = {}): Push {
  const { expo = expoPush(), web = webPush(vapid) } = services;
  return {
    kinds: ['expo', 'web'],
    web_key: vapid.public_key,
    takes: (address) => (address.kind === 'expo' ? expo.takes(address) : web.takes(address)),
    send: (address, message, signal) =>
      address.kind === 'expo' ? expo.send(address, message, signal) : web.send(address, message, signal),
    // Browsers' push services say at once what they know.
    receipt: (receipt, signal) => expo.receipt(receipt, signal),
  };
}

/** Notifications are off: nobody can ask for them, and what was asked for before is not sent. */
export const noPush: Push = {
  kinds: [],
  web_key: null,
  takes: () => false,
  send: async () => ({ outcome: 'refused', reason: 'notifications are off' }),
  receipt: async () => ({ outcome: 'refused', reason: 'notifications are off' }),
};
