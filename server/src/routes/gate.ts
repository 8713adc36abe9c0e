/** What stands before every route: limits, host, token, scope, in this order. The body is not read before all have passed. */
import { CLIENT_VERSION_HEADER, isOlder, isVersion } from '@2t1l/contract/client-version';
import type { Endpoint } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { AccessTokens, Player } from '../players/access-tokens.ts';
import { isSessionLive } from '../players/session-state.ts';
import type { Ports } from '../ports.ts';
import { RATES } from './limits.ts';

export type { Player } from '../players/access-tokens.ts';

/** What the gates of one server share. */
export interface Edge {
  ports: Pick<Ports, 'db' | 'cache' | 'limits' | 'clock' | 'ids' | 'log'>;
  tokens: AccessTokens;
  /** Lower-case host names without port; null where every host is served. */
  hosts: ReadonlySet<string> | null;
  limits: boolean;
  /** Older apps are told to update; null where every version may call. */
  min_client_version: string | null;
}

declare module 'fastify' {
  interface FastifyInstance {
    edge: Edge;
  }
  interface FastifyRequest {
    player: Player | null;
  }
  interface FastifyContextConfig {
    endpoint?: Endpoint;
  }
}

const IPV6_GROUPS = 8;

export type Guard = Pick<Endpoint, 'auth' | 'scope' | 'rate'>;

/** The `onRequest` hook of a route; afterwards `request.player` is set. For routes that `mount` cannot make (streams). */
export function gate(app: FastifyInstance, guard: Guard): onRequestAsyncHookHandler {
  const { edge } = app;
  const rule = RATES[guard.rate];
  return async (request) => {
    const token = guard.auth === 'none' ? null : readToken(edge, request);
    if (edge.limits) {
      const isByAddress = guard.rate === 'auth' || token instanceof Problem || token === null;
      const payer = isByAddress ? addressKey(request.ip) : token.id;
      const { allowed, retry_after_seconds } = await edge.ports.limits.take(`${guard.rate}:${payer}`, rule);
      if (!allowed) {
        throw new Problem('too_many_requests', { retry_after_seconds });
      }
    }
    checkHost(edge, request);
    checkClient(edge, request);
    if (token === null) {
      if (guard.auth === 'player') {
        throw new Problem('unauthenticated');
      }
      return;
    }
    if (token instanceof Problem) {
      throw token;
    }
    if (!(await isSessionLive(token.session_id, edge.ports))) {
      throw new Problem('session_ended');
    }
    if (!token.scope.includes(guard.scope)) {
      throw new Problem('scope_missing', { detail: `This needs the scope "${guard.scope}".` });
    }
    request.player = token;
  };
}

/** Throws `host_not_allowed` where the server does not answer for the request's host. */
export function checkHost(edge: Pick<Edge, 'hosts'>, request: FastifyRequest): void {
  if (edge.hosts !== null && !edge.hosts.has(hostName(request.headers.host))) {
    throw new Problem('host_not_allowed');
  }
}

/** Throws `update_required` for an app below the least version. Programs that name no version are no app of ours. */
function checkClient({ min_client_version: least }: Pick<Edge, 'min_client_version'>, request: FastifyRequest): void {
  const version = request.headers[CLIENT_VERSION_HEADER.toLowerCase()];
  if (least === null || version === undefined) {
    return;
  }
  if (typeof version !== 'string' || !isVersion(version)) {
    throw new Problem('invalid_request', { detail: `${CLIENT_VERSION_HEADER} is a version such as 1.4.0.` });
  }
  if (isOlder(version, least)) {
    throw new Problem('update_required', { detail: `The server takes the app from version ${least} on.` });
  }
}

/** The name without port and without the brackets of an IPv6 address, lower case. */
function hostName(host: string | undefined): string {
  return (host ?? '')
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[|\]$/g, '');
}

/** An IPv6 customer has a /64 at least, so that is one address here, also where `::` stands for some of its groups. */
export function addressKey(ip: string): string {
  if (!ip.includes(':') || ip.startsWith('::ffff:')) {
    return ip;
  }
  const [head = [], tail = []] = ip.split('::', 2).map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(Math.max(0, IPV6_GROUPS - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].slice(0, IPV6_GROUPS / 2).join(':');
}

function readToken(edge: Edge, request: FastifyRequest): Player | Problem | null {
  const header = request.headers.authorization;
  if (header === undefined) {
    return null;
  }
  const [scheme, token, more] = header.split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || more !== undefined) {
    return new Problem('token_invalid');
  }
  return edge.tokens.read(token);
}
