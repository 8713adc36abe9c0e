/** Moving samples from files to a file through two buffers: a merge must cost little more than a plain copy, whatever its length. */
import { type FileHandle, open } from 'node:fs/promises';
import { BoxError } from './boxes.ts';

/** Bytes side by side in a file; `handle` is null for bytes that come from memory. */
export type Run = { handle: FileHandle; offset: number; length: number } | { handle: null; bytes: Buffer; length: number };

/** Large enough that waiting costs nothing, small enough to stay in the processor's cache. */
export const BATCH_BYTES = 1024 ** 2;
const WINDOW_BYTES = 2 * BATCH_BYTES;

/** Writes runs of bytes one after another to a file. */
export class ByteCopier {
  readonly #output: FileHandle;
  readonly #window = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  readonly #batch = Buffer.allocUnsafeSlow(BATCH_BYTES);

  constructor(output: FileHandle) {
    this.#output = output;
  }

  /** Appends `runs`, best about BATCH_BYTES of them, as `change` leaves them. Throws a BoxError where a file ends before its run does. */
  async append(runs: readonly Run[], change: (bytes: Buffer) => void): Promise<void> {
    const length = runs.reduce((sum, run) => sum + run.length, 0);
    const batch = length <= BATCH_BYTES ? this.#batch.subarray(0, length) : Buffer.allocUnsafe(length);
    for (const handle of new Set(runs.map((run) => run.handle))) {
      await this.#fill(batch, runs, handle);
    }
    change(batch);
    await writeAll(this.#output, batch);
  }

  /** Puts the runs of one file into their places: by one read where they lie close together there, else each by its own. */
  async #fill(batch: Buffer, runs: readonly Run[], handle: FileHandle | null): Promise<void> {
    const { start, end, used } = spanIn(runs, handle);
    const isDense = end - start <= Math.min(WINDOW_BYTES, 2 * used);
    if (isDense) {
      await readAll(handle, this.#window.subarray(0, end - start), start);
    }
    let to = 0;
    for (const run of runs) {
      if (run.handle === null) {
        run.bytes.copy(batch, to);
      } else if (run.handle === handle && isDense) {
        this.#window.copy(batch, to, run.offset - start, run.offset - start + run.length);
      } else if (run.handle === handle) {
        await readAll(handle, batch.subarray(to, to + run.length), run.offset);
      }
      to += run.length;
    }
  }
}

function spanIn(runs: readonly Run[], handle: FileHandle | null): { start: number; end: number; used: number } {
  const span = { start: Number.POSITIVE_INFINITY, end: 0, used: 0 };
  for (const run of runs) {
    if (run.handle !== null && run.handle === handle) {
      span.start = Math.min(span.start, run.offset);
      span.end = Math.max(span.end, run.offset + run.length);
      span.used += run.length;
    }
  }
  return span;
}

async function readAll(handle: FileHandle | null, into: Buffer, offset: number): Promise<void> {
  for (let at = 0; handle !== null && at < into.length; ) {
    const { bytesRead } = await handle.read(into, at, into.length - at, offset + at);
    if (bytesRead === 0) {
      throw new BoxError('incomplete', 'the file ends inside a sample');
    }
    at += bytesRead;
  }
}

/** Writes all of `bytes` where the file stands. */
export async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
  }
}

/** Opens each path once; all handles close together. */
export class OpenFiles implements AsyncDisposable {
  readonly #handles = new Map<string, FileHandle>();

  /** The handle of a file opened for reading. */
  async reading(path: string): Promise<FileHandle> {
    const handle = this.#handles.get(path) ?? (await open(path, 'r'));
    this.#handles.set(path, handle);
    return handle;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#handles.values()].map(async (handle) => await handle.close()));
  }
}
