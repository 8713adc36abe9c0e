import { Platform } from 'react-native';

const DEVELOPMENT_SERVER = 'http://localhost:8000';

/** The server of this build, without a slash at its end; empty on the web: the page's own, unless the build names another. */
const BUILT_IN: string = (process.env.EXPO_PUBLIC_API_URL ?? (Platform.OS === 'web' ? '' : DEVELOPMENT_SERVER)).replace(/\/$/, '');

let chosen: string | null = null;

/** Origin of the server, without a slash at its end; empty on the web where it is the page's own. May change while the app runs. */
export function baseUrl(): string {
  return chosen ?? BUILT_IN;
}

/** The server that the player has chosen instead of the build's; null without a choice. */
export function chosenServer(): string | null {
  return chosen;
}

/** From now on calls go to `origin`; null goes back to the build's own. Kept by nobody: lib/server-choice.ts does that. */
export function setServer(origin: string | null): void {
  chosen = origin;
}

/** Origin of the server without any choice. */
export function builtInServer(): string {
  return BUILT_IN || globalThis.location.origin;
}

/** A server in words for people; the one that is played on, without an argument. */
export function serverName(origin: string = chosen ?? builtInServer()): string {
  return origin.replace(/^https?:\/\//, '');
}

/** `key` for storage that belongs to one server: tokens of one say nothing to another. */
export function keyOfServer(key: string): string {
  return chosen === null ? key : `${key}.${chosen.replace(/[^\w.-]/g, '_')}`;
}

/** Makes an address of the server absolute where it is relative (videos and posters may be either). */
export function absoluteUrl(url: string): string {
  return url.startsWith('/') ? `${baseUrl()}${url}` : url;
}

/** The address of a call with its origin, also where `server` is the page's own: for those who resolve other addresses against it. */
export function apiUrl(path: string, server: string = baseUrl()): string {
  return server === '' ? pageUrl(path) : `${server}${path}`;
}

/** The address of a page of ours, to share: where the challenge is. */
export function pageUrl(path: string): string {
  const origin = chosen ?? (Platform.OS === 'web' ? globalThis.location.origin : BUILT_IN);
  return `${origin}${path}`;
}
