/** A second process on the same database: adds 1 to a player's score so many times. Arguments: database, player, times. */
import { once } from 'node:events';
import { openSqlite } from '../../src/adapters/sqlite.ts';
import { transact } from '../../src/store/transact.ts';

const [path = '', id = '', times = '0'] = process.argv.slice(2);
const db = openSqlite(path);
await db.selectFrom('users').select('id').execute();
const go = once(process, 'message');
process.send?.('ready');
await go;
for (let count = 0; count < Number(times); count += 1) {
  await transact(db, async (tx) => {
    const { score_sum } = await tx.selectFrom('users').select('score_sum').where('id', '=', id).executeTakeFirstOrThrow();
    await new Promise(setImmediate);
    await tx
      .updateTable('users')
      .set({ score_sum: score_sum + 1 })
      .where('id', '=', id)
      .execute();
  });
}
await db.destroy();
process.disconnect();
