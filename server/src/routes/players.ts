/** Players as others see them. */
import { endpoints } from '@2t1l/contract/endpoints';
import { readPlayer } from '../players/profile.ts';
import type { Ports } from '../ports.ts';
import { type App, mount } from './route.ts';

export function playerRoutes(app: App, ports: Ports): void {
  mount(app, endpoints.player, ({ params, query, player }) =>
    readPlayer(params.username, { ...query, viewer_id: player?.id ?? null }, ports),
  );
}
