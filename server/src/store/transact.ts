/** Everything that writes goes through here: one transaction, and what must follow the commit follows it. */
import type { Db, Tx } from '../ports.ts';
import { holdConnection, letConnectionGo } from './prepared.ts';

const followers = new WeakMap<Tx, (() => void)[]>();

/**
 * Runs `work` in one transaction; a throw rolls it back. No file or network work inside, and no write through `db`: it would
 * wait for this very transaction.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const after: (() => void)[] = [];
  const result = await db.transaction().execute(async (tx) => {
    followers.set(tx, after);
    await holdConnection(tx);
    try {
      return await work(tx);
    } finally {
      letConnectionGo(tx);
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
  const after = followers.get(tx);
  if (after === undefined) {
    throw new Error('afterCommit needs a transaction begun by transact()');
  }
  after.push(follow);
}
