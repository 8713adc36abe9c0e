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
const handlers = {
  'check-clip': unused,
  'merge-clips': unused,
  'analyse-clip': unused,
  'publish-challenge': unused,
  'slim-video': unused,
  push: unused,
  'push-guesses': unused,
  'push-receipt': unused,
  sweep: hang,
};
await ports.jobs.work(handlers, unused, { concurrency: 1 });
