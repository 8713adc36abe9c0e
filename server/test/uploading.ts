/** A listening server with an author and a draft, for the doors that take files. */
import type { Ports } from '../src/ports.ts';
import { buildTestApp, type TestApp } from './app.ts';

export interface UploadServer extends AsyncDisposable {
  at: TestApp;
  /** `http://127.0.0.1:port` */
  origin: string;
  token: string;
  stranger: string;
  player_id: string;
  challenge_id: string;
}

export const MAX_BYTES = 200_000;

/** Clips may have 200,000 bytes here. */
export async function uploadServer(overrides: Partial<Ports> = {}): Promise<UploadServer> {
  const at = await buildTestApp(overrides, { MAX_CONTENT_LENGTH: String(MAX_BYTES) });
  const origin = await at.app.listen({ port: 0, host: '127.0.0.1' });
  const author = await at.guest();
  const { access_token: stranger } = await at.guest();
  const token = author.access_token;
  const created = await at.call('POST', '/challenges', { token, body: { title: 'Test Challenge' } });
  return {
    at,
    origin,
    token,
    stranger,
    player_id: author.player.id,
    challenge_id: created.json<{ id: string }>().id,
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}
