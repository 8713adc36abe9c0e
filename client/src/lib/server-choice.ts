/** A server of one's own: its address checked, kept, and taken back. */
import AsyncStorage from '@react-native-async-storage/async-storage';
import { API_PREFIX } from './api/routes.ts';
import { session } from './api.ts';
import { setServer } from './base-url.ts';

const KEY = '2t1l.server';
const CHECK_MS = 10_000;
const PROBLEM = 'urn:2t1l:problem:';

/** What is wrong with an address: no address, plain http from an https page, nobody there (or closed to this page), somebody else, closed to that name. */
export type ServerFault = 'malformed' | 'insecure' | 'unreachable' | 'foreign' | 'closed';

/** The server of the last time. The first call waits for it. */
export async function readServer(): Promise<void> {
  const kept = await AsyncStorage.getItem(KEY).catch(() => null);
  setServer(kept === null ? null : originOf(kept));
}

/** Calls go to `origin` from now on, null: to the build's own; who plays there is told. Tokens of each server are kept apart. */
export async function chooseServer(origin: string | null): Promise<void> {
  setServer(origin);
  // Where storage is forbidden the choice lasts as long as the app is open.
  await (origin === null ? AsyncStorage.removeItem(KEY) : AsyncStorage.setItem(KEY, origin)).catch(() => undefined);
  await session.reread();
}

/** Asks whether one of our servers answers at `text`; its origin, or what is wrong. Changes nothing. */
export async function checkServer(text: string): Promise<{ origin: string } | { fault: ServerFault }> {
  const origin = originOf(text);
  if (origin === null) {
    return { fault: 'malformed' };
  }
  if (globalThis.location?.protocol === 'https:' && origin.startsWith('http:') && !isLocal(new URL(origin).hostname)) {
    return { fault: 'insecure' };
  }
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), CHECK_MS);
  try {
    // Without a token this call is refused, in a form that is ours alone.
    const answer = await fetch(`${origin}${API_PREFIX}/me`, { signal: controller.signal, headers: { Accept: 'application/json' } });
    const body = (await answer.json().catch(() => null)) as { type?: unknown } | null;
    const type = String(body?.type ?? '');
    if (!type.startsWith(PROBLEM)) {
      return { fault: 'foreign' };
    }
    return type === `${PROBLEM}host_not_allowed` ? { fault: 'closed' } : { origin };
  } catch {
    return { fault: 'unreachable' };
  } finally {
    clearTimeout(timer);
  }
}

/** `play.example.com`, with or without scheme and slash, as an origin; null where it is none. */
export function originOf(text: string): string | null {
  const trimmed = text.trim();
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed);
  try {
    const url = new URL(hasScheme ? trimmed : `https://${trimmed}`);
    if (!/^https?:$/.test(url.protocol) || url.hostname === '' || url.username !== '' || /\s/.test(trimmed)) {
      return null;
    }
    return `${hasScheme || !isLocal(url.hostname) ? url.protocol : 'http:'}//${url.host}`;
  } catch {
    return null;
  }
}

/** This machine and the network around it, where nobody has a certificate. */
function isLocal(host: string): boolean {
  return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])/.test(host) || host.endsWith('.local');
}
