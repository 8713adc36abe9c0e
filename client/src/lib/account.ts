import type { Player } from './api/session.ts';
import { api, session } from './api.ts';

/** Whoever plays here; makes a guest silently where there is nobody, once for all tabs. */
export function ensurePlayer(): Promise<Player> {
  return session.exclusively(async () => {
    const player = await session.player();
    if (player) {
      return player;
    }
    const tokens = await api.guest();
    await session.keep(tokens);
    return tokens.player;
  });
}

/** Ends this session, here in any case, on the server where it can be reached. */
export async function logOut(): Promise<void> {
  await api.logout().catch(() => undefined);
  await session.forget();
}
