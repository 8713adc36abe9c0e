import { sql } from 'kysely';
import type { Clock, Db, Events, Log, StoredEvent } from '../ports.ts';
import { afterCommit } from '../store/transact.ts';

const POLL_MS = 1_000;

/**
 * The `events` table. Listeners of this process are woken after the commit; while somebody listens, a light poll finds what
 * other processes on the same file have written. `dispose` stops the poll.
 */
export function dbEvents(
  { db, clock, log }: { db: Db; clock: Clock; log: Log },
  pollMs: number = POLL_MS,
): Events & { dispose: () => void } {
  const listeners = new Map<string, Set<() => void>>();
  const poll = new Poll(db, log, (challengeId) => wakeAll(challengeId));
  let timer: NodeJS.Timeout | undefined;

  const wakeAll = (challengeId: string) => {
    for (const wake of listeners.get(challengeId) ?? []) {
      try {
        wake();
      } catch (error) {
        log.error({ err: error }, 'a listener for events failed');
      }
    }
  };
  const stopPolling = () => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    async add(tx, event, audience) {
      const row = {
        challenge_id: event.challenge_id,
        audience,
        data: JSON.stringify(event),
        created_at: new Date(clock.now()).toISOString(),
      };
      const { id } = await tx.insertInto('events').values(row).returning('id').executeTakeFirstOrThrow();
      afterCommit(tx, () => {
        if (timer !== undefined) {
          poll.skip(id);
        }
        wakeAll(event.challenge_id);
      });
    },
    async read(challengeId, afterId, limit) {
      const rows = await db
        .selectFrom('events')
        .select(['id', 'audience', 'data'])
        .where('challenge_id', '=', challengeId)
        .where('id', '>', afterId)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id, audience, data }): StoredEvent => ({ id, audience, event: JSON.parse(data) }));
    },
    async lastId(challengeId) {
      const row = await db
        .selectFrom('events')
        .select('id')
        .where('challenge_id', '=', challengeId)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.id ?? 0;
    },
    listen(challengeId, wake) {
      // One object a call, so that the same function may listen twice.
      const listener = () => wake();
      const ofChallenge = listeners.get(challengeId) ?? new Set();
      listeners.set(challengeId, ofChallenge.add(listener));
      if (timer === undefined) {
        poll.restart();
        timer = setInterval(() => poll.run(), pollMs).unref();
      }
      return () => {
        ofChallenge.delete(listener);
        if (ofChallenge.size === 0 && listeners.get(challengeId) === ofChallenge) {
          listeners.delete(challengeId);
        }
        if (listeners.size === 0) {
          stopPolling();
        }
      };
    },
    dispose: stopPolling,
  };
}

/** Looks for events above the last one seen. SQLite gives ids in the order of the commits, so none can turn up below it later. */
class Poll {
  readonly #db: Db;
  readonly #log: Log;
  readonly #wake: (challengeId: string) => void;
  #lastSeen: number | null = null;
  #isRunning = false;
  /** Events of this process, whose listeners know already. */
  #own = new Set<number>();

  constructor(db: Db, log: Log, wake: (challengeId: string) => void) {
    this.#db = db;
    this.#log = log;
    this.#wake = wake;
  }

  skip(id: number): void {
    this.#own.add(id);
  }

  /** Forgets where it stood: a new listener reads for itself what was before. */
  restart(): void {
    this.#lastSeen = null;
    this.#own.clear();
    this.run();
  }

  run(): void {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#look()
        .catch((error: unknown) => this.#log.error({ err: error }, 'looking for new events failed'))
        .finally(() => {
          this.#isRunning = false;
        });
    }
  }

  async #look(): Promise<void> {
    const from = this.#lastSeen;
    if (from === null) {
      const { last } = await this.#db.selectFrom('events').select(sql<number>`coalesce(max(id), 0)`.as('last')).executeTakeFirstOrThrow();
      this.#lastSeen = last;
      return;
    }
    const rows = await this.#db.selectFrom('events').select(['id', 'challenge_id']).where('id', '>', from).orderBy('id').execute();
    const own = this.#own;
    this.#own = new Set();
    this.#lastSeen = rows.at(-1)?.id ?? from;
    for (const challengeId of new Set(rows.filter(({ id }) => !own.has(id)).map((row) => row.challenge_id))) {
      this.#wake(challengeId);
    }
  }
}
