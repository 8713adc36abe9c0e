/** A second process that puts one file after the other until it is killed. Argument: the store's folder. */
import { randomBytes } from 'node:crypto';
import { diskBlobs } from '../../src/adapters/disk-blobs.ts';
import { derivedKeys } from '../../src/adapters/file-keys.ts';
import { systemClock } from '../../src/adapters/system.ts';
import { fileOf } from '../file-of.ts';

// The test is gone.
process.once('disconnect', () => process.exit());

const [root = ''] = process.argv.slice(2);
const blobs = diskBlobs(root, { keys: derivedKeys([{ id: 'a', secret: 'a secret of tests' }]), clock: systemClock });
for (let count = 0; ; count += 1) {
  await using file = await fileOf(randomBytes(500_000));
  await blobs.put(file.path, file.hash);
  if (count === 0) {
    process.send?.('begun');
  }
}
