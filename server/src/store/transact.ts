/** Everything that writes goes through here: one transaction, and what must follow the commit follows it. */
import type { Db, Tx } from '../ports.ts';

const followers = new WeakMap<Tx, (() => void)[]>();

/** Runs `work` in one transaction; a throw rolls it back. No file or network work inside. */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const after: (() => void)[] = [];
  const result = await db.transaction().execute((tx) => {
    followers.set(tx, after);
    return work(tx);
  });
  for (const follow of after) {
    follow();
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
