import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keysContract } from '../../test/contracts/keys.ts';
import { bareSecret, parseSecrets } from '../secrets.ts';
import { derivedKeys, fileSecret, fileVapidKey } from './file-keys.ts';
import { vapidOf } from './push-web.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), '2t1l-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

const silent = () => {};
const fresh = () => mkdtemp(join(folder, 'f-'));

keysContract('SECRET_KEY', async () => derivedKeys(parseSecrets('new:a secret of tests,old:an older one')));
keysContract('key file', async () => derivedKeys([bareSecret(await fileSecret(folder, silent))]));

test('the first secret of a list signs, the others are still there', () => {
  const keys = derivedKeys(parseSecrets(' b:two , a:one '));
  const before = derivedKeys(parseSecrets('a:one'));
  expect(keys.current).toBe('b');
  expect(keys.key('blob-url', 'a')).toEqual(before.key('blob-url', 'a'));
  expect(keys.key('blob-url', 'b')).not.toEqual(keys.key('blob-url', 'a'));
});

test('a bare secret has an id that follows from it and does not tell it', () => {
  const [one] = parseSecrets('0123456789');
  expect(one).toEqual({ id: expect.stringMatching(/^[0-9a-f]{8}$/), secret: '0123456789' });
  expect(parseSecrets('0123456789')).toEqual([one]);
  expect(parseSecrets('another one')[0]?.id).not.toBe(one?.id);
});

test('the key for browsers is made once and is one of P-256', async () => {
  const data = await fresh();
  const key = await fileVapidKey(data, silent);
  expect(await fileVapidKey(data, silent)).toBe(key);
  expect(Buffer.from(vapidOf(key, 'https://a.example').public_key, 'base64url')).toHaveLength(65);
  expect((await stat(join(data, 'vapid.key'))).mode & 0o777).toBe(0o600);
  await writeFile(join(data, 'vapid.key'), 'short');
  await expect(fileVapidKey(data, silent)).rejects.toThrow('ask for notifications again');
});

test('no secret at all is refused', () => {
  expect(() => derivedKeys(parseSecrets(' , '))).toThrow('no secret');
});

test('twenty starts at once agree on one key file, closed to others', async () => {
  const dir = await fresh();
  const secrets = await Promise.all(Array.from({ length: 20 }, () => fileSecret(dir, silent)));
  expect(new Set(secrets).size).toBe(1);
  expect(await readdir(dir)).toEqual(['secret.key']);
  expect((await stat(join(dir, 'secret.key'))).mode & 0o777).toBe(0o600);
});

test('a key file that others may read is closed to them, and it is said', async () => {
  const dir = await fresh();
  const secret = await fileSecret(dir, silent);
  await chmod(join(dir, 'secret.key'), 0o644);
  const said: string[] = [];
  expect(await fileSecret(dir, (message) => said.push(message))).toBe(secret);
  expect((await stat(join(dir, 'secret.key'))).mode & 0o777).toBe(0o600);
  expect(said).toHaveLength(1);
  expect(said[0]).not.toContain(secret);
});

test('a key file without a key is named, not used', async () => {
  const dir = await fresh();
  await writeFile(join(dir, 'secret.key'), 'short\n', { mode: 0o600 });
  await expect(fileSecret(dir, silent)).rejects.toThrow(join(dir, 'secret.key'));
});
