/** A worker process that takes a job and does not end it. Argument: the data folder. */
import { buildEmbedded } from '../../src/adapters/embedded.ts';
import { parseConfig } from '../../src/config.ts';
import { silentLog } from '../ports.ts';

// The test is gone.
process.once('disconnect', () => process.exit());

const ports = await buildEmbedded(parseConfig({ NODE_ENV: 'test', DATA_DIR: process.argv[2] ?? '' }), { log: silentLog });
const unused = async () => {};
const hang = () => {
  process.send?.('running');
  return new Promise<never>(() => {});
};
await ports.jobs.work({ 'check-clip': unused, 'merge-clips': unused, 'publish-challenge': unused, sweep: hang }, unused, {
  concurrency: 1,
});
