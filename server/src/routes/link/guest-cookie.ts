/** The cookie that keeps the session of a guest without scripts (RFC 6265bis), and the forms that other sites may not send. */
import { Problem } from '@2t1l/contract/problems';
import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = '2t1l_guest';
const DAY_SECONDS = 24 * 60 * 60;
const TOKEN = /^rt_[\w-]{20,100}$/;

/** The refresh token that the request's cookie keeps; null without one. */
export function readGuestCookie(request: FastifyRequest): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([name]) => name === NAME)?.[1];
  return value !== undefined && TOKEN.test(value) ? value : null;
}

/** Keeps `token` for `days`; null forgets it. No script can read it, and no other site can make the browser send it. */
export function setGuestCookie(reply: FastifyReply, token: string | null, { days, isTls }: { days: number; isTls: boolean }): void {
  const seconds = token === null ? 0 : days * DAY_SECONDS;
  reply.header('set-cookie', `${NAME}=${token ?? ''}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}`);
}

/**
 * Throws `invalid_request` for what another site makes a browser send: by `Sec-Fetch-Site`, which every browser sends to an address it
 * trusts, else by `Origin`. A program that sends neither is no browser and has no cookies to steal.
 */
export function refuseOtherSites(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  const { origin, host } = request.headers;
  const isOwn =
    site !== undefined ? site === 'same-origin' || site === 'none' : origin === undefined || hostOf(origin) === host?.toLowerCase();
  if (!isOwn) {
    throw new Problem('invalid_request', { detail: 'This came from another site.' });
  }
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
