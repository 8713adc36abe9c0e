/** A server process that is killed at the first query whose text fits. Arguments: the data folder, a pattern, a request as JSON. */
import { buildEmbedded } from '../../src/adapters/embedded.ts';
import { openSqlite } from '../../src/adapters/sqlite.ts';
import { parseConfig } from '../../src/config.ts';
import { buildApp } from '../../src/routes/app.ts';
import { silentLog } from '../ports.ts';

const [dataDir = '', pattern = '', request = '{}'] = process.argv.slice(2);
const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: dataDir });
let isArmed = false;
const db = openSqlite(config.database_path, {
  log: ({ query }) => {
    if (isArmed && new RegExp(pattern).test(query.sql)) {
      process.kill(process.pid, 'SIGKILL');
    }
  },
});
const app = await buildApp(await buildEmbedded(config, { db, log: silentLog }), config);
isArmed = true;
const answer = await app.inject(JSON.parse(request));
// Not reached where the pattern fits.
console.log(answer.body);
process.exit(1);
