/** Accounts and their tokens. */
import { endpoints } from '@2t1l/contract/endpoints';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { makeGuest, register, upgrade } from '../players/accounts.ts';
import { changePassword, login, type Origin, rememberAddress } from '../players/login.ts';
import { endSession, refresh } from '../players/sessions.ts';
import type { Ports } from '../ports.ts';
import { addressKey } from './gate.ts';
import { type App, mount } from './route.ts';

export function authRoutes(app: App, ports: Ports, config: Pick<Config, 'refresh_days'>): void {
  const withTokens = { ...ports, tokens: app.edge.tokens, session_days: config.refresh_days };
  mount(app, endpoints.register, async ({ body, request }) => {
    const tokens = await register(body, userAgent(request), withTokens);
    await rememberAddress(body.email, addressKey(request.ip), ports);
    return tokens;
  });
  mount(app, endpoints.login, ({ body, request }) => login(body, origin(request), withTokens));
  mount(app, endpoints.guest, ({ request }) => makeGuest(userAgent(request), withTokens));
  mount(app, endpoints.refresh, ({ body }) => refresh(body.refresh_token, withTokens));
  mount(app, endpoints.logout, async ({ player }) => {
    await endSession(player, player.session_id, ports);
    return null;
  });
  mount(app, endpoints.upgrade, async ({ body, player, request }) => {
    const tokens = await upgrade(player, body, withTokens);
    await rememberAddress(body.email, addressKey(request.ip), ports);
    return tokens;
  });
  mount(app, endpoints.changePassword, async ({ body, player, request }) => {
    await changePassword(player, body, origin(request), ports);
    return null;
  });

  function origin(request: FastifyRequest): Origin {
    return { address: addressKey(request.ip), user_agent: userAgent(request), throttled: app.edge.limits };
  }
}

function userAgent(request: FastifyRequest): string | null {
  return request.headers['user-agent'] ?? null;
}
