/** A second process that commits one player after the other and tells each after its commit, until it is killed. Argument: the database. */
import { openSqlite } from '../../src/adapters/sqlite.ts';
import { transact } from '../../src/store/transact.ts';
import { userRow } from '../rows.ts';

// The test is gone.
process.once('disconnect', () => process.exit());

const db = openSqlite(process.argv[2] ?? '');
for (let count = 0; ; count += 1) {
  await transact(db, (tx) =>
    tx
      .insertInto('users')
      .values(userRow(`u${count}`))
      .execute(),
  );
  process.send?.(count);
  await new Promise(setImmediate);
}
