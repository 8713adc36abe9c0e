/** What every store of blobs must do. */
import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Blobs, Clock } from '../../src/ports.ts';
import { fileOf } from '../file-of.ts';

/** An empty store and where files may be made that are put into it. */
export interface BlobsUnderTest extends AsyncDisposable {
  blobs: Blobs;
}

export function blobsContract(name: string, make: (clock: Clock) => Promise<BlobsUnderTest>): void {
  const clock = { at: Date.UTC(2026, 5, 1), now: () => clock.at };

  describe(`blobs: ${name}`, () => {
    test('what is put can be read, as a whole, in part and as a file', async () => {
      await using held = await make(clock);
      await using file = await fileOf(randomBytes(100_000));
      await held.blobs.put(file.path, file.hash);
      expect(await buffer(await held.blobs.read(file.hash))).toEqual(file.bytes);
      expect(await buffer(await held.blobs.read(file.hash, { start: 10, end: 19 }))).toEqual(file.bytes.subarray(10, 20));
      expect(await buffer(await held.blobs.read(file.hash, { start: 99_999, end: 99_999 }))).toEqual(file.bytes.subarray(99_999));
      expect(await readFile(await held.blobs.fetch(file.hash, file.folder))).toEqual(file.bytes);
      expect((await held.blobs.stat(file.hash))?.size_bytes).toBe(100_000);
    });

    test('put takes the file away', async () => {
      await using held = await make(clock);
      await using file = await fileOf(randomBytes(10));
      await held.blobs.put(file.path, file.hash);
      await expect(stat(file.path)).rejects.toThrow('ENOENT');
    });

    test('the same bytes twice are one blob, young again', async () => {
      await using held = await make(clock);
      await using first = await fileOf(Buffer.from('same'));
      await using second = await fileOf(Buffer.from('same'));
      await held.blobs.put(first.path, first.hash);
      const before = await held.blobs.stat(first.hash);
      await new Promise((wait) => setTimeout(wait, 20));
      await held.blobs.put(second.path, second.hash);
      const after = await held.blobs.stat(first.hash);
      expect(after?.modified_ms).toBeGreaterThan(before?.modified_ms ?? Number.POSITIVE_INFINITY);
      await held.blobs.delete(first.hash);
      expect(await held.blobs.stat(first.hash)).toBeNull();
    });

    test('ten puts of the same bytes at once leave one whole blob', async () => {
      await using held = await make(clock);
      const files = await Promise.all(Array.from({ length: 10 }, () => fileOf(Buffer.alloc(50_000, 7))));
      await Promise.all(files.map((file) => held.blobs.put(file.path, file.hash)));
      expect(await buffer(await held.blobs.read(files[0]?.hash ?? ''))).toEqual(Buffer.alloc(50_000, 7));
      await Promise.all(files.map((file) => file[Symbol.asyncDispose]()));
    });

    test('a put that runs again after a kill finds its blob; one without file and blob fails', async () => {
      await using held = await make(clock);
      await using file = await fileOf(randomBytes(10));
      await held.blobs.put(file.path, file.hash);
      await held.blobs.put(file.path, file.hash);
      await expect(held.blobs.put(file.path, '0'.repeat(64))).rejects.toThrow('ENOENT');
    });

    test('what is not there is not found', async () => {
      await using held = await make(clock);
      const nobody = 'f'.repeat(64);
      await expect(held.blobs.read(nobody)).rejects.toMatchObject({ code: 'not_found' });
      await expect(held.blobs.fetch(nobody, tmpdir())).rejects.toMatchObject({ code: 'not_found' });
      expect(await held.blobs.stat(nobody)).toBeNull();
      await held.blobs.delete(nobody);
    });

    test('a name that is no hash reaches no file', async () => {
      await using held = await make(clock);
      for (const name of ['../../../etc/passwd', '..', '', 'A'.repeat(64), `${'a'.repeat(64)}\n`]) {
        await expect(held.blobs.read(name)).rejects.toMatchObject({ code: 'not_found' });
        await expect(held.blobs.delete(name)).rejects.toMatchObject({ code: 'not_found' });
      }
    });

    test('a blob that is being read may be deleted: the reader gets all of it', async () => {
      await using held = await make(clock);
      await using file = await fileOf(randomBytes(300_000));
      await held.blobs.put(file.path, file.hash);
      const stream = await held.blobs.read(file.hash);
      await held.blobs.delete(file.hash);
      expect(await buffer(stream)).toEqual(file.bytes);
    });

    describe('addresses', () => {
      const hash = 'ab'.repeat(32);
      const queryOf = (url: string) => Object.fromEntries(new URL(url, 'http://localhost').searchParams);

      test('are accepted as given, and tell the media type', async () => {
        await using held = await make(clock);
        expect(held.blobs.verify(hash, queryOf(held.blobs.url(hash, 'video/mp4')))).toBe('video/mp4');
      });

      test('are the same for an hour or more, and valid for 6 to 12', async () => {
        await using held = await make(clock);
        const start = clock.at;
        const hour = 3_600_000;
        let changes = 0;
        for (let quarter = 1; quarter <= 96; quarter += 1) {
          const url = held.blobs.url(hash, 'video/mp4');
          clock.at += hour / 4;
          changes += held.blobs.url(hash, 'video/mp4') === url ? 0 : 1;
          const now = clock.at;
          clock.at = now - hour / 4 + 6 * hour - 1_000;
          expect(held.blobs.verify(hash, queryOf(url))).toBe('video/mp4');
          clock.at = now - hour / 4 + 12 * hour;
          expect(held.blobs.verify(hash, queryOf(url))).toBeNull();
          clock.at = now;
        }
        // 24 hours went by.
        expect(changes).toBeLessThanOrEqual(24);
        clock.at = start;
      });

      test('are refused when anything in them was changed', async () => {
        await using held = await make(clock);
        const good = queryOf(held.blobs.url(hash, 'video/mp4'));
        expect(held.blobs.verify('cd'.repeat(32), good)).toBeNull();
        const otherSig = `${good.sig?.startsWith('A') ? 'B' : 'A'}${good.sig?.slice(1)}`;
        const changes = [
          { type: 'text/html' },
          { exp: `${Number(good.exp) + 1}` },
          { exp: 'never' },
          { kid: 'other' },
          { sig: otherSig },
          { sig: '' },
        ];
        for (const change of changes) {
          expect([change, held.blobs.verify(hash, { ...good, ...change })]).toEqual([change, null]);
        }
        for (const name of Object.keys(good)) {
          expect(held.blobs.verify(hash, { ...good, [name]: undefined })).toBeNull();
        }
      });
    });
  });
}
