/** SECRET_KEY taken apart. */
import { hkdfSync } from 'node:crypto';

/** A secret and the id by which what it has signed finds it. */
export interface Secret {
  id: string;
  secret: string;
}

const ID_BYTES = 4;

/** `id:secret, id:secret`, or one bare secret, whose id follows from it and does not tell it; the caller sees to it that ids differ. */
export function parseSecrets(text: string): Secret[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [, id, secret] = /^([A-Za-z0-9_-]{1,32}):(.+)$/.exec(entry) ?? [];
      return id !== undefined && secret !== undefined ? { id, secret } : bareSecret(entry);
    });
}

/** A secret without an id. */
export function bareSecret(secret: string): Secret {
  const id = Buffer.from(hkdfSync('sha256', secret, '2truths-1lie', 'key-id', 32))
    .toString('hex')
    .slice(0, 2 * ID_BYTES);
  return { id, secret };
}
