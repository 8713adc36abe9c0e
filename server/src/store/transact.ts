/** Everything that writes goes through here: one transaction, and what must follow the commit follows it. */
import type { DatabaseConnection } from 'kysely';
import type { Db, Tx } from '../ports.ts';

interface Open {
  after: (() => void)[];
  connection: DatabaseConnection;
}

/** Transactions that have begun and not ended. */
const open = new WeakMap<Db | Tx, Open>();

/**
 * Runs `work` in one transaction; a throw rolls it back. No file or network work inside, and no write through `db`: it would
 * wait for this very transaction.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const after: (() => void)[] = [];
  const result = await db.transaction().execute(async (tx) => {
    const connection = await tx.getExecutor().provideConnection(async (held) => held);
    open.set(tx, { after, connection });
    try {
      return await work(tx);
    } finally {
      open.delete(tx);
    }
  });
  for (const follow of after) {
    try {
      follow();
    } catch (error) {
      // The commit stands, so the caller must not hear of a failure.
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
  return result;
}

/** Calls `follow` once the transaction has been committed; never where it is rolled back. */
export function afterCommit(tx: Tx, follow: () => void): void {
  const after = open.get(tx)?.after;
  if (after === undefined) {
    throw new Error('afterCommit needs a transaction begun by transact()');
  }
  after.push(follow);
}

/** What carries the transaction, found out once: through Kysely each query would queue for it, which takes as long as a small one runs. */
export function connectionOf(db: Db | Tx): DatabaseConnection | undefined {
  return open.get(db)?.connection;
}
