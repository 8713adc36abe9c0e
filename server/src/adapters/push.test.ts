import { createECDH } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pushContract } from '../../test/contracts/push.ts';
import { expoService, webService } from '../../test/push-services.ts';
import type { PushAddress } from '../ports.ts';
import { noPush, routedPush } from './push.ts';
import { vapidOf, webPush } from './push-web.ts';

const key = createECDH('prime256v1');
key.generateKeys();
const vapid = vapidOf(key.getPrivateKey('base64url').padStart(43, 'A'), 'https://game.example');
const web = await webService(() => vapid.public_key);
const expo = await expoService();
const push = routedPush(vapid, { web: webPush(vapid, web.reach) });

// The SDK reads it as it is loaded, which the first message does.
beforeAll(() => vi.stubEnv('EXPO_BASE_URL', expo.origin));
afterAll(async () => {
  vi.unstubAllEnvs();
  await web[Symbol.asyncDispose]();
  await expo[Symbol.asyncDispose]();
});

pushContract('expo', () => ({ push, service: expo }));
pushContract('web', () => ({ push, service: web }));

describe('what a client may name as its push service', () => {
  const at = (endpoint: string): PushAddress => ({ ...(web.address() as Extract<PushAddress, { kind: 'web' }>), endpoint });
  test.each([
    ['https://fcm.googleapis.com/fcm/send/abc', true],
    ['https://updates.push.services.mozilla.com/wpush/v2/abc', true],
    ['https://web.push.apple.com/abc', true],
    ['https://wns2-par02p.notify.windows.com/w/?token=abc', true],
    ['http://fcm.googleapis.com/fcm/send/abc', false],
    ['https://fcm.googleapis.com:8443/fcm/send/abc', false],
    ['https://user@fcm.googleapis.com/fcm/send/abc', false],
    ['https://fcm.googleapis.com.evil.example/abc', false],
    ['https://fcm.googleapis.com@127.0.0.1/abc', false],
    ['https://evil.example/?fcm.googleapis.com', false],
    ['https://evilpush.apple.com.example/', false],
    ['https://notpush.apple.com/', false],
    ['https://127.0.0.1/abc', false],
    ['https://[::1]/abc', false],
    ['https://169.254.169.254/latest/meta-data', false],
    ['https://localhost/abc', false],
    ['file:///etc/passwd', false],
    ['no address', false],
  ])('%s: %s', async (endpoint, taken) => {
    expect(push.takes(at(endpoint))).toBe(taken);
    if (!taken) {
      web.called.length = 0;
      web.mood = 'well';
      const sent = await push.send(at(endpoint), { title: '', body: '', path: '/', tag: 'a', ttl_seconds: 1 }, AbortSignal.timeout(1000));
      expect(sent.outcome).toBe('refused');
      expect(web.called).toEqual([]);
    }
  });
});

test('keys that are no point of the curve are refused and take nothing else with them', async () => {
  web.mood = 'well';
  const address = { ...web.address(), p256dh: `B${'A'.repeat(86)}` } as PushAddress;
  const sent = await push.send(address, { title: '', body: '', path: '/', tag: 'a', ttl_seconds: 1 }, AbortSignal.timeout(1000));
  expect(sent).toMatchObject({ outcome: 'refused' });
});

test.each([
  [{}, { outcome: 'pending' }],
  [{ status: 'ok' }, { outcome: 'delivered' }],
  [{ status: 'error', message: 'x', details: { error: 'DeviceNotRegistered' } }, { outcome: 'gone' }],
  [
    { status: 'error', message: 'x', details: { error: 'InvalidCredentials' } },
    { outcome: 'refused', reason: 'InvalidCredentials' },
  ],
])('a receipt %j', async (receipt, expected) => {
  expo.mood = 'well';
  expo.receipts = receipt;
  expect(await push.receipt('receipt-1', AbortSignal.timeout(1000))).toEqual(expected);
});

test('where notifications are off nothing is taken and nothing is sent', async () => {
  expect([noPush.kinds, noPush.web_key, noPush.takes(web.address()), noPush.takes(expo.address())]).toEqual([[], null, false, false]);
});
