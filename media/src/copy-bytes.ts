/** Moving samples from files to a file through two small buffers: a merge must cost little more than a plain copy, whatever its length. */
import { type FileHandle, open } from 'node:fs/promises';
import { BoxError } from './boxes.ts';

const BUFFER_BYTES = 1024 ** 2;

/** Collects small writes into large ones. */
export class ByteSink {
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** True where `length` bytes more fit without touching the disk. */
  hasRoom(length: number): boolean {
    return this.#used + length <= BUFFER_BYTES;
  }

  /** Adds bytes for which `hasRoom` was true. */
  add(source: Buffer, start: number, end: number): void {
    this.#used += source.copy(this.#buffer, this.#used, start, end);
  }

  /** Writes out what was collected, then `bytes` themselves if there are any. */
  async flush(bytes?: Buffer): Promise<void> {
    const collected = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    for (const part of bytes === undefined ? [collected] : [collected, bytes]) {
      let at = 0;
      while (at < part.length) {
        at += (await this.#handle.write(part, at, part.length - at)).bytesWritten;
      }
    }
  }
}

/** A file read through a window, forwards. Picture and sound of one file each get a window of their own. */
export class ByteSource {
  readonly #handle: FileHandle;
  readonly #window = Buffer.allocUnsafe(BUFFER_BYTES);
  #start = 0;
  #end = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** The window and the place in it of `length` bytes at `offset`, or null where they are not inside it. */
  peek(offset: number, length: number): { bytes: Buffer; at: number } | null {
    return offset >= this.#start && offset + length <= this.#end ? { bytes: this.#window, at: offset - this.#start } : null;
  }

  /** Moves the window to `offset`. */
  async load(offset: number): Promise<void> {
    const { bytesRead } = await this.#handle.read(this.#window, 0, BUFFER_BYTES, offset);
    this.#start = offset;
    this.#end = offset + bytesRead;
  }

  /** Bytes too many for the window. Throws a BoxError where the file ends before them. */
  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.#handle.read(bytes, 0, length, offset);
    if (bytesRead < length) {
      throw new BoxError('incomplete', 'the file ends inside a sample');
    }
    return bytes;
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
