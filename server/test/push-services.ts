/** Push services on this machine: one that speaks Expo's API, and one of a browser, which reads what the browser would read. */
import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { PushAddress } from '../src/ports.ts';

/** `hanging` takes the request and never answers; `away` closes the connection. */
export type Mood = 'well' | 'gone' | 'busy' | 'refusing' | 'hanging' | 'away';

export interface PushService extends AsyncDisposable {
  origin: string;
  mood: Mood;
  /** What has arrived at devices: title, body, path, tag and seconds to live. */
  arrived: { title: unknown; body: unknown; path: unknown; tag: unknown; ttl_seconds: unknown }[];
  /** A device that this service knows. */
  address(): PushAddress;
}

/** `receipts`: what is said later of every message; an empty object: nothing yet. */
export async function expoService(): Promise<PushService & { receipts: object }> {
  const held = await listen(async (path, body) => {
    const asked = JSON.parse(body.toString());
    if (path === '/--/api/v2/push/getReceipts') {
      const entries = (asked.ids as string[]).map((id) => [id, service.receipts]);
      return { status: 200, json: { data: Object.keys(service.receipts).length === 0 ? {} : Object.fromEntries(entries) } };
    }
    const [{ to, title, body: text, data, ttl, tag }] = asked as [Record<string, unknown> & { data: { path: string } }];
    const error = service.mood === 'gone' ? 'DeviceNotRegistered' : service.mood === 'refusing' ? 'MessageTooBig' : null;
    if (error !== null) {
      // As Expo says it, with the token in the sentence.
      const message = `"${String(to)}" is not a registered push notification recipient`;
      return { status: 200, json: { data: [{ status: 'error', message, details: { error, expoPushToken: to } }] } };
    }
    service.arrived.push({ title, body: text, path: data.path, tag, ttl_seconds: ttl });
    return { status: 200, json: { data: [{ status: 'ok', id: `receipt-${service.arrived.length}` }] } };
  });
  const service = Object.assign(held, {
    receipts: {},
    address: (): PushAddress => ({ kind: 'expo', token: `ExponentPushToken[${randomBytes(11).toString('hex')}]` }),
  });
  return service;
}

/** `reach` is the network as the adapter sees it: every https address leads here. */
export async function webService(publicKey: () => string): Promise<PushService & { reach: typeof fetch; called: string[] }> {
  const browsers = new Map<string, { keys: ECDH; auth: Buffer }>();
  const called: string[] = [];
  const held = await listen(async (path, body, { headers }) => {
    const browser = browsers.get(path);
    if (service.mood === 'gone' || browser === undefined) {
      return { status: 410 };
    }
    if (service.mood === 'refusing') {
      return { status: 307, location: 'http://127.0.0.1:1/elsewhere' };
    }
    const { title, body: text, path: opens, tag } = JSON.parse(decrypt(body, browser));
    const isOurs = isSignedBy(String(headers.authorization), publicKey());
    service.arrived.push({
      title,
      body: text,
      path: opens,
      tag,
      ttl_seconds: isOurs && headers.topic === tag ? Number(headers.ttl) : 'unsigned',
    });
    return { status: 201 };
  });
  const service = Object.assign(held, {
    called,
    reach: (async (input, init) => {
      const url = new URL(String(input));
      called.push(url.host);
      return fetch(`${held.origin}${url.pathname}`, init);
    }) as typeof fetch,
    address(): PushAddress {
      const keys = createECDH('prime256v1');
      const p256dh = keys.generateKeys('base64url');
      const auth = randomBytes(16);
      const path = `/fcm/send/${randomBytes(20).toString('hex')}`;
      browsers.set(path, { keys, auth });
      return { kind: 'web', endpoint: `https://fcm.googleapis.com${path}`, p256dh, auth: auth.toString('base64url') };
    },
  });
  return service;
}

type Answer = { status: number; json?: unknown; location?: string };

async function listen(answer: (path: string, body: Buffer, request: IncomingMessage) => Promise<Answer>) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    if (service.mood === 'hanging') {
      return;
    }
    if (service.mood === 'away') {
      request.socket.destroy();
      return;
    }
    const { status, json, location } =
      service.mood === 'busy' ? { status: 503, json: 'come back later' } : await answer(request.url ?? '', body, request);
    response.writeHead(status, { ...(location === undefined ? {} : { location }) }).end(json === undefined ? 'ok' : JSON.stringify(json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const service = {
    origin: `http://127.0.0.1:${port}`,
    mood: 'well' as Mood,
    arrived: [] as PushService['arrived'],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return service;
}

/** RFC 8291, 3.4, and RFC 8188 with one record. */
function decrypt(body: Buffer, { keys, auth }: { keys: ECDH; auth: Buffer }): string {
  const [salt, sender] = [body.subarray(0, 16), body.subarray(21, 21 + (body[20] ?? 0))];
  const record = body.subarray(21 + sender.length);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender]);
  const secret = Buffer.from(hkdfSync('sha256', keys.computeSecret(sender), auth, info, 32));
  const derive = (name: string, length: number) => Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${name}\0`, length));
  const cipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
  cipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString();
}

/** RFC 8292: `vapid t=<JWT>, k=<key>`, for the push service that is asked and no other. */
function isSignedBy(header: string, publicKey: string): boolean {
  const [, token = '', key] = /^vapid t=([^,]+), k=(\S+)$/.exec(header) ?? [];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const { aud, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}');
  return (
    key === publicKey &&
    aud === 'https://fcm.googleapis.com' &&
    sub === 'https://game.example' &&
    verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  );
}
