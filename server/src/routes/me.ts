/** The player's own account. */
import { endpoints } from '@2t1l/contract/endpoints';
import type { Config } from '../config.ts';
import { rename } from '../players/accounts.ts';
import { putConsents } from '../players/consents.ts';
import { readMe } from '../players/me.ts';
import { myTells } from '../players/own-tells.ts';
import { myGuesses, myStats } from '../players/play-stats.ts';
import { forgetPushToken, putPushToken, readPushState, testPush } from '../players/push-tokens.ts';
import { endOtherSessions, endSession, listSessions } from '../players/sessions.ts';
import type { Ports } from '../ports.ts';
import { type App, mount } from './route.ts';

export function meRoutes(app: App, ports: Ports, config: Pick<Config, 'refresh_days'>): void {
  const withDays = { ...ports, session_days: config.refresh_days };
  mount(app, endpoints.me, ({ player }) => readMe(ports.db, player.id));
  mount(app, endpoints.patchMe, async ({ player, body }) => {
    if (body.username !== undefined) {
      await rename(player.id, body.username, ports);
    }
    return readMe(ports.db, player.id);
  });
  mount(app, endpoints.putConsents, ({ player, body }) => putConsents(player.id, body, ports));
  mount(app, endpoints.myTells, ({ player }) => myTells(player.id, ports));
  mount(app, endpoints.myStats, ({ player }) => myStats(player.id, ports));
  mount(app, endpoints.myGuesses, ({ player, query }) => myGuesses(player.id, query, ports));
  mount(app, endpoints.pushState, ({ player }) => readPushState(player, ports));
  mount(app, endpoints.putPushToken, async ({ player, body }) => {
    await putPushToken(player, body, ports);
    return null;
  });
  mount(app, endpoints.deletePushToken, async ({ player }) => {
    await forgetPushToken(player, ports);
    return null;
  });
  mount(app, endpoints.testPush, async ({ player }) => {
    await testPush(player, ports);
    return null;
  });
  mount(app, endpoints.sessions, ({ player, query }) => listSessions(player, query, withDays));
  mount(app, endpoints.endSession, async ({ player, params }) => {
    await endSession(player, params.id, ports);
    return null;
  });
  mount(app, endpoints.endOtherSessions, async ({ player }) => {
    await endOtherSessions(player, ports);
    return null;
  });
}
