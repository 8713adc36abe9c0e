/** A second process that opens the same database file. Argument: its path. */
import { once } from 'node:events';
import { openSqlite } from '../../src/adapters/sqlite.ts';
import { migrate } from '../../src/store/migrate.ts';

const go = once(process, 'message');
process.send?.('ready');
await go;
const db = openSqlite(process.argv[2] ?? '');
await migrate(db);
await db.destroy();
process.disconnect();
