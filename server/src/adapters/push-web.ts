/** Web Push (RFC 8030, 8291, 8292): encrypted for the browser, signed by this server, sent to the push service that the browser named. */
import { createECDH } from 'node:crypto';
import type { PushAddress, PushMessage, PushSent } from '../ports.ts';
import { limited, PushUnavailable } from './push-limits.ts';

export interface WebService {
  takes(address: WebAddress): boolean;
  send(address: WebAddress, message: PushMessage, signal: AbortSignal): Promise<PushSent>;
}
type WebAddress = Extract<PushAddress, { kind: 'web' }>;

export interface VapidKeys {
  /** An uncompressed P-256 point, base64url. */
  public_key: string;
  /** 32 bytes, base64url. */
  private_key: string;
  /** An https address at which this server's people are found. */
  subject: string;
}

/** Push services of browsers: Chrome and those built on it, Firefox, Safari, Edge. An address elsewhere may lead anywhere, so it is never called. */
const HOSTS = [
  /^fcm\.googleapis\.com$/,
  /^jmt17\.google\.com$/,
  /^([\w-]+\.)?push\.services\.mozilla\.com$/,
  /^([\w-]+\.)?push\.apple\.com$/,
  /^[\w-]+\.notify\.windows\.com$/,
];

/** `reach` stands for the network, in tests. */
export function webPush(vapid: VapidKeys, reach: typeof fetch = fetch): WebService {
  return {
    takes: ({ endpoint }) => isPushService(endpoint),
    async send(address, { title, body, path, tag, ttl_seconds }, signal) {
      const { endpoint } = address;
      if (!isPushService(endpoint)) {
        return { outcome: 'refused', reason: 'not the address of a known push service' };
      }
      const request = await encrypted(address, JSON.stringify({ title, body, path, tag }), { vapid, ttl_seconds, tag });
      if (request === null) {
        return { outcome: 'refused', reason: 'the device has keys that nothing can be encrypted for' };
      }
      const limit = limited(signal);
      try {
        const response = await reach(endpoint, { method: 'POST', ...request, redirect: 'manual', signal: limit });
        // What it says besides is not read: it may be long, and name the address.
        await response.body?.cancel();
        return outcomeOf(response.status);
      } catch (error) {
        if (error instanceof PushUnavailable) {
          throw error;
        }
        throw new PushUnavailable(limit.aborted ? 'the push service took too long' : 'the push service cannot be reached');
      }
    },
  };
}

/** The whole of a pair of keys by its private one. Throws where it is none. */
export function vapidOf(private_key: string, subject: string): VapidKeys {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(Buffer.from(private_key, 'base64url'));
  return { public_key: curve.getPublicKey().toString('base64url'), private_key, subject };
}

/** https at its own port, without a name or password, at a known push service. */
function isPushService(endpoint: string): boolean {
  const url = URL.parse(endpoint);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    HOSTS.some((host) => host.test(url.hostname))
  );
}

/** Null where the browser's keys are none that anything can be encrypted for. */
async function encrypted(
  { endpoint, p256dh, auth }: WebAddress,
  payload: string,
  { vapid, ttl_seconds, tag }: { vapid: VapidKeys; ttl_seconds: number; tag: string },
): Promise<{ headers: Record<string, string>; body: Uint8Array<ArrayBuffer> } | null> {
  const { default: library } = await import('web-push');
  try {
    const { headers, body } = library.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
      vapidDetails: { subject: vapid.subject, publicKey: vapid.public_key, privateKey: vapid.private_key },
      TTL: ttl_seconds,
      topic: tag,
    });
    // fetch counts the body itself.
    const kept = Object.entries(headers).filter(([name]) => name !== 'Content-Length');
    return { headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])), body: new Uint8Array(body ?? []) };
  } catch {
    return null;
  }
}

function outcomeOf(status: number): PushSent {
  if (status >= 200 && status < 300) {
    return { outcome: 'sent', receipt: null };
  }
  if (status === 404 || status === 410) {
    return { outcome: 'gone' };
  }
  if (status === 429 || status >= 500) {
    throw new PushUnavailable(`the push service answered ${status}`);
  }
  return { outcome: 'refused', reason: `the push service answered ${status}` };
}
