/** Expo's push service, which hands on to Apple's and Google's (docs.expo.dev/push-notifications/sending-notifications). */
import type { ExpoPushErrorReceipt, Expo as ExpoSdk } from 'expo-server-sdk';
import type { Push, PushAddress, PushMessage, PushSent } from '../ports.ts';
import { limited, PushUnavailable } from './push-limits.ts';

export interface ExpoService extends Pick<Push, 'receipt'> {
  takes(address: ExpoAddress): boolean;
  send(address: ExpoAddress, message: PushMessage, signal: AbortSignal): Promise<PushSent>;
}
type ExpoAddress = Extract<PushAddress, { kind: 'expo' }>;

const TOKEN = /^Expo(nent)?PushToken\[[\w-]+\]$/;
/** Errors of a ticket or receipt after which another try makes sense. */
const PASSING = ['MessageRateExceeded', 'ExpoError', 'ProviderError'];
/** Android's channel, made by the app (client/src/lib/push). */
const CHANNEL = 'default';

/** Loads Expo's SDK with the first message. */
export function expoPush(): ExpoService {
  let loading: Promise<ExpoSdk> | null = null;
  const sdk = () => {
    loading ??= import('expo-server-sdk').then(({ Expo }) => new Expo());
    return loading;
  };
  return {
    takes: ({ token }) => TOKEN.test(token),
    async send({ token }, { title, body, path, tag, ttl_seconds }, signal) {
      const message = { to: token, title, body, data: { path }, ttl: ttl_seconds, channelId: CHANNEL, collapseId: tag, tag };
      const expo = await sdk();
      const [ticket] = await inTime(expo.sendPushNotificationsAsync([message]), signal);
      if (ticket?.status === 'ok') {
        return { outcome: 'sent', receipt: ticket.id };
      }
      return failed(ticket);
    },
    async receipt(id, signal) {
      const expo = await sdk();
      const { [id]: receipt } = await inTime(expo.getPushNotificationReceiptsAsync([id]), signal);
      if (receipt === undefined) {
        return { outcome: 'pending' };
      }
      if (receipt.status === 'ok') {
        return { outcome: 'delivered' };
      }
      // What passes has passed: the message itself is not sent again after a quarter of an hour.
      return codeOf(receipt) === 'DeviceNotRegistered' ? { outcome: 'gone' } : { outcome: 'refused', reason: codeOf(receipt) };
    },
  };
}

function failed(ticket: ExpoPushErrorReceipt | undefined): PushSent {
  const code = codeOf(ticket);
  if (code === 'DeviceNotRegistered') {
    return { outcome: 'gone' };
  }
  if (PASSING.includes(code)) {
    throw new PushUnavailable(`Expo says ${code}`);
  }
  return { outcome: 'refused', reason: code };
}

/** Never its message: that names the token. */
function codeOf(receipt: ExpoPushErrorReceipt | undefined): string {
  return receipt?.details?.error ?? 'unknown';
}

/** The SDK has no time limit of its own; its errors name tokens, so nothing of them goes on but the status. */
async function inTime<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  const limit = limited(signal);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const onLate = () => reject(new PushUnavailable('Expo took too long'));
  limit.addEventListener('abort', onLate, { once: true });
  try {
    return await Promise.race([call, late]);
  } catch (error) {
    if (error instanceof PushUnavailable) {
      throw error;
    }
    const status = error instanceof Error && 'statusCode' in error ? error.statusCode : null;
    throw new PushUnavailable(typeof status === 'number' ? `Expo answered ${status}` : 'Expo cannot be reached');
  } finally {
    limit.removeEventListener('abort', onLate);
  }
}
