/** Whether a session still lives: asked for every request, so it is cached for a moment; its end is told to the cache at once. */
import type { Ports, Tx } from '../ports.ts';
import { prepared } from '../store/prepared.ts';
import { deletePushTokens } from '../store/push-tokens.ts';
import { afterCommit } from '../store/transact.ts';

/** How long an answer is believed where the end happened in a process that could not tell this one. */
const TTL_SECONDS = 5;
const LIVE = 'live';
const ENDED = 'ended';

/** True until the session has ended; a session that never was is not live. */
export async function isSessionLive(sessionId: string, ports: Pick<Ports, 'db' | 'cache'>): Promise<boolean> {
  const key = cacheKey(sessionId);
  const known = await ports.cache.get(key);
  if (known !== null) {
    return known === LIVE;
  }
  if (!(await readIsLive(sessionId, ports.db))) {
    await ports.cache.set(key, ENDED, TTL_SECONDS);
    return false;
  }
  await ports.cache.set(key, LIVE, TTL_SECONDS);
  // It may have ended between the reading and the setting, which would have hidden the news of it: read once more.
  if (!(await readIsLive(sessionId, ports.db))) {
    await ports.cache.set(key, ENDED, TTL_SECONDS);
    return false;
  }
  return true;
}

/** Ends sessions in `tx`, and what their devices were told; every process that shares the cache knows after the commit. */
export async function endSessions(tx: Tx, sessionIds: readonly string[], ports: Pick<Ports, 'cache' | 'clock' | 'log'>): Promise<void> {
  if (sessionIds.length === 0) {
    return;
  }
  const ended_at = new Date(ports.clock.now()).toISOString();
  await tx.updateTable('sessions').set({ ended_at }).where('id', 'in', sessionIds).where('ended_at', 'is', null).execute();
  await deletePushTokens(tx, sessionIds);
  afterCommit(tx, () => {
    for (const id of sessionIds) {
      ports.cache
        .set(cacheKey(id), ENDED, TTL_SECONDS)
        .catch((err: unknown) => ports.log.warn({ err }, 'cache refused the end of a session'));
    }
  });
}

const endOf = prepared((db, { id }: { id: string }) => db.selectFrom('sessions').select('ended_at').where('id', '=', id));

async function readIsLive(sessionId: string, db: Ports['db']): Promise<boolean> {
  const [row] = await endOf(db, { id: sessionId });
  return row !== undefined && row.ended_at === null;
}

function cacheKey(sessionId: string): string {
  return `session:${sessionId}`;
}
