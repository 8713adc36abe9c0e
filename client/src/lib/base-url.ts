import { Platform } from 'react-native';

const DEFAULT_SERVER = 'http://localhost:8000';

/** Origin of the server, without a slash at its end. A browser asks the page's own server unless the build names another. */
export const baseUrl: string = (process.env.EXPO_PUBLIC_API_URL ?? (Platform.OS === 'web' ? '' : DEFAULT_SERVER)).replace(/\/$/, '');

/** Makes an address of the server absolute where it is relative (videos and posters may be either). */
export function absoluteUrl(url: string): string {
  return url.startsWith('/') ? `${baseUrl}${url}` : url;
}

/** The address of a call with its origin, also where `server` is the page's own: for those who resolve other addresses against it. */
export function apiUrl(path: string, server: string = baseUrl): string {
  return server === '' ? pageUrl(path) : `${server}${path}`;
}

/** The address of a page of ours, to share. */
export function pageUrl(path: string): string {
  const origin = Platform.OS === 'web' ? globalThis.location.origin : baseUrl;
  return `${origin}${path}`;
}
