import { eventsContract } from '../../test/contracts/events.ts';
import { buildPorts, silentLog } from '../../test/ports.ts';
import { dbEvents } from './db-events.ts';
import { openSqlite } from './sqlite.ts';

eventsContract('database', async () => {
  const ports = await buildPorts();
  const { db, clock } = ports;
  // Another connection, as another process would have.
  const other = openSqlite(ports.config.database_path);
  const events = dbEvents({ db, clock, log: silentLog }, 40);
  const second = dbEvents({ db: other, clock, log: silentLog }, 40);
  return {
    db,
    events,
    second,
    async [Symbol.asyncDispose]() {
      events.dispose();
      second.dispose();
      await other.destroy();
      await ports[Symbol.asyncDispose]();
    },
  };
});
