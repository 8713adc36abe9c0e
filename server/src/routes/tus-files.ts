/** Files of resumable uploads: hashed while they come in, on the disk before the offset is acknowledged, their records in the database. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { ERRORS, type KvStore, Upload } from '@tus/server';
import { forgetUpload, UPLOAD_LIFETIME } from '../flow/begin-upload.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../store/transact.ts';
import { findUpload, updateTus } from '../store/uploads.ts';

type FilePorts = Pick<Ports, 'db' | 'folders' | 'clock' | 'ids'>;

/** Hashes of unfinished uploads that are kept in memory; of any other the prefix is read once more. */
const COUNTS_MAX = 1000;

interface Count {
  hash: Hash;
  bytes: number;
}

export class TusFiles extends FileStore {
  readonly #ports: FilePorts;
  readonly #counts = new Map<string, Count>();
  /** Called for every piece that comes in. */
  readonly #touch: (id: string) => void;

  constructor(ports: FilePorts, touch: (id: string) => void) {
    super({ directory: ports.folders.uploads, configstore: tusRecords(ports), expirationPeriodInMilliseconds: UPLOAD_LIFETIME });
    this.#ports = ports;
    this.#touch = touch;
  }

  pathOf(id: string): string {
    return join(this.#ports.folders.uploads, id);
  }

  /** Hex SHA-256 of the whole upload where it was counted on its way in. */
  digest(id: string, size: number): string | null {
    const count = this.#counts.get(id);
    return count?.bytes === size ? count.hash.copy().digest('hex') : null;
  }

  /** A finished upload has no file any more, and all its bytes. */
  override async getUpload(id: string): Promise<Upload> {
    const known = await findUpload(this.#ports.db, id);
    if (known === undefined) {
      throw ERRORS.FILE_NOT_FOUND;
    }
    if (known.tus.clip_id === null) {
      return super.getUpload(id);
    }
    return uploadOf(known, known.tus.size ?? 0);
  }

  override async write(chunks: AsyncIterable<Buffer>, id: string, offset: number): Promise<number> {
    const known = await findUpload(this.#ports.db, id);
    if (known === undefined || known.tus.clip_id !== null) {
      return offset;
    }
    const path = this.pathOf(id);
    const count = await this.#countAt(id, path, offset);
    const file = await open(path, 'r+');
    try {
      for await (const chunk of chunks) {
        await writeWhole(file, chunk, count.bytes);
        count.hash.update(chunk);
        count.bytes += chunk.length;
        this.#touch(id);
      }
    } finally {
      // Also of a transfer that broke off: the next HEAD acknowledges what is there.
      await file.datasync();
      await file.close();
      this.#keep(id, count);
    }
    return count.bytes;
  }

  /** Forgets the upload, its file and its count. */
  override async remove(id: string): Promise<void> {
    await rm(this.pathOf(id), { force: true });
    this.#counts.delete(id);
    await this.configstore.delete(id);
  }

  async #countAt(id: string, path: string, offset: number): Promise<Count> {
    const count = this.#counts.get(id);
    this.#counts.delete(id);
    if (count?.bytes === offset) {
      return count;
    }
    const hash = createHash('sha256');
    if (offset > 0) {
      for await (const chunk of createReadStream(path, { end: offset - 1 })) {
        hash.update(chunk as Buffer);
      }
    }
    return { hash, bytes: offset };
  }

  #keep(id: string, count: Count): void {
    this.#counts.set(id, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > COUNTS_MAX && oldest !== undefined) {
      this.#counts.delete(oldest);
    }
  }
}

/** The bytes of an upload that are on the disk; null where there is no file (any more). */
export async function bytesOnDisk(path: string): Promise<number | null> {
  return (await stat(path).catch(() => null))?.size ?? null;
}

async function writeWhole(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
}

/** The tus server's records as it knows them; the rows are made by `beginUpload`. */
function tusRecords(ports: Pick<Ports, 'db' | 'clock' | 'ids'>): KvStore<Upload> {
  return {
    async get(id) {
      const known = await findUpload(ports.db, id);
      return known === undefined ? undefined : uploadOf(known, 0);
    },
    async set(id, upload) {
      await transact(ports.db, async (tx) => {
        const known = await findUpload(tx, id);
        if (known === undefined) {
          throw ERRORS.FILE_NOT_FOUND;
        }
        await updateTus(tx, id, { ...known.tus, size: upload.size ?? null, metadata: { ...upload.metadata } });
      });
    },
    async delete(id) {
      await transact(ports.db, (tx) => forgetUpload(tx, id, ports));
    },
  };
}

function uploadOf(known: NonNullable<Awaited<ReturnType<typeof findUpload>>>, offset: number): Upload {
  const { size, metadata } = known.tus;
  return new Upload({ id: known.id, offset, metadata, creation_date: known.created_at, ...(size === null ? {} : { size }) });
}
