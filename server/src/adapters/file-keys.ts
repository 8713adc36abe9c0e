/** Keys derived from SECRET_KEY, or from key files that the first start makes. */
import { createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { chmod, link, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyPurpose, Keys } from '../ports.ts';
import type { Secret } from '../secrets.ts';

const KEY_BYTES = 32;

/** A key file below `DATA_DIR`: how its 32 bytes are made, and what it costs to lose them. */
interface KeyFile {
  name: string;
  make: () => Buffer;
  loss: string;
}
const SECRET: KeyFile = { name: 'secret.key', make: () => randomBytes(KEY_BYTES), loss: 'everybody has to log in again then' };
const VAPID: KeyFile = { name: 'vapid.key', make: newVapidKey, loss: 'browsers have to ask for notifications again then' };

/** HKDF-SHA256 of each secret and purpose. Throws without a secret. */
export function derivedKeys(secrets: readonly Secret[]): Keys {
  const first = secrets[0];
  if (first === undefined) {
    throw new Error('there is no secret key');
  }
  const byId = new Map(secrets.map(({ id, secret }) => [id, secret]));
  const derived = new Map<string, Uint8Array>();
  return {
    current: first.id,
    key(purpose: KeyPurpose, keyId: string) {
      const secret = byId.get(keyId);
      if (secret === undefined) {
        return null;
      }
      const name = `${purpose}:${keyId}`;
      const known = derived.get(name) ?? derive(secret, purpose);
      derived.set(name, known);
      return known;
    },
  };
}

/**
 * The secret in `secret.key` of `dataDir`, made where there is none; two processes that start at once agree on one. A file that
 * others may read is closed to them, with a word to `warn`; where that cannot be done, it throws.
 */
export function fileSecret(dataDir: string, warn: (message: string) => void): Promise<string> {
  return readKey(dataDir, SECRET, warn);
}

/** The private key in `vapid.key`, 32 bytes of P-256 as base64url; all else as with `fileSecret`. */
export function fileVapidKey(dataDir: string, warn: (message: string) => void): Promise<string> {
  return readKey(dataDir, VAPID, warn);
}

async function readKey(dataDir: string, { name, make, loss }: KeyFile, warn: (message: string) => void): Promise<string> {
  const path = join(dataDir, name);
  await makeUnlessThere(path, make);
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    await chmod(path, 0o600).catch((cause: unknown) => {
      throw new Error(`${path} can be read by others, and closing it failed: chmod 600 it`, { cause });
    });
    warn(`${path} could be read by others; its mode is 0600 now. Where somebody else has used this machine, delete it to get a new one`);
  }
  const secret = (await readFile(path, 'utf8')).trim();
  if (Buffer.from(secret, 'base64url').length < KEY_BYTES) {
    throw new Error(`${path} does not hold a key; delete it to get a new one (${loss})`);
  }
  return secret;
}

/** Writes beside and links: the name appears with its whole content, or was there before. */
async function makeUnlessThere(path: string, make: () => Buffer): Promise<void> {
  if (await exists(path)) {
    return;
  }
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(`${make().toString('base64url')}\n`);
    await file.sync();
    await file.close();
    await link(beside, path);
  } catch (error) {
    if (!(await exists(path))) {
      throw error;
    }
  } finally {
    await file.close().catch(() => {});
    await unlink(beside);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Node leaves out leading zeros. */
function newVapidKey(): Buffer {
  const curve = createECDH('prime256v1');
  curve.generateKeys();
  const key = curve.getPrivateKey();
  return Buffer.concat([Buffer.alloc(KEY_BYTES - key.length), key]);
}

function derive(secret: string, purpose: KeyPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '2truths-1lie', purpose, KEY_BYTES));
}
