/** Files become blobs: reserved in the database first, then put, then handed to an owner in the transaction of the result. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@2t1l/contract/problems';
import type { Ports, Tx } from '../ports.ts';
import { type BlobRef, findRef, insertRef, isBeingSwept, renameRef } from '../store/blob-refs.ts';
import { transact } from '../store/transact.ts';
import { SECOND, timeAt } from './times.ts';

type KeepPorts = Pick<Ports, 'db' | 'blobs' | 'clock' | 'ids'>;

const SWEEP_PATIENCE = 5 * SECOND;
const SWEEP_PAUSE = 50;

/** Hex SHA-256 and size in bytes of a local file. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<{ hash: string; size_bytes: number }> {
  const hash = createHash('sha256');
  let size_bytes = 0;
  await pipeline(
    createReadStream(path, { highWaterMark: 1024 * 1024 }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size_bytes += chunk.length;
      }
    },
    { signal },
  );
  return { hash: hash.digest('hex'), size_bytes };
}

/** Moves a finished local file into the store. Until `claimBlob` the blob is reserved: safe from the sweep for ten minutes. */
export async function keepFile(path: string, hash: string, ports: KeepPorts): Promise<BlobRef> {
  const reserved = await reserveBlob({ owner: `put:${ports.ids.next()}`, hash }, ports);
  await ports.blobs.put(path, hash);
  return reserved;
}

/** Makes sure that the blob is not deleted, whether its bytes are there or about to come. Reserving twice for one owner is once. */
export async function reserveBlob(ref: BlobRef, ports: Pick<Ports, 'db' | 'clock'>): Promise<BlobRef> {
  for (let waited = 0; waited < SWEEP_PATIENCE; waited += SWEEP_PAUSE) {
    const reserved = await transact(ports.db, async (tx) => {
      if (await isBeingSwept(tx, ref.hash)) {
        return false;
      }
      if ((await findRef(tx, ref.owner)) === undefined) {
        await insertRef(tx, ref, timeAt(ports));
      }
      return true;
    });
    if (reserved) {
      return ref;
    }
    await sleep(SWEEP_PAUSE);
  }
  throw new Problem('busy', { detail: 'The same file is being deleted just now.', retry_after_seconds: 1 });
}

/** Gives a reserved blob its owner. Throws where the reservation ran out: the step is run again then. */
export async function claimBlob(tx: Tx, reserved: BlobRef, owner: string, ports: Pick<Ports, 'clock'>): Promise<void> {
  if (!(await renameRef(tx, reserved.owner, owner, timeAt(ports)))) {
    throw new Problem('busy', { detail: 'Storing the file took too long.', retry_after_seconds: 1 });
  }
}

/** Lets go what `owner` held; the sweep deletes the blob where nobody else needs it. Nothing happens where it held nothing. */
export async function releaseBlob(tx: Tx, owner: string, ports: Pick<Ports, 'clock' | 'ids'>): Promise<void> {
  await renameRef(tx, owner, `gone:${ports.ids.next()}`, timeAt(ports));
}
