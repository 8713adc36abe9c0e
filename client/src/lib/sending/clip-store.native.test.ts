/** A phone's folders after the app was killed in the middle of a recording; the disk is a map of paths to bytes. */
import { beforeEach, expect, jest, test } from '@jest/globals';

const mockDisk = new Map<string, Uint8Array>();
jest.mock('expo-file-system', () => {
  class Entry {
    uri: string;
    constructor(...parts: (string | Entry)[]) {
      this.uri = parts.map((part) => (typeof part === 'string' ? part : part.uri)).join('/');
    }
    get name() {
      return this.uri.split('/').at(-1) ?? '';
    }
  }
  class File extends Entry {
    get exists() {
      return mockDisk.has(this.uri);
    }
    get size() {
      return mockDisk.get(this.uri)?.byteLength ?? 0;
    }
    open() {
      const bytes = mockDisk.get(this.uri) ?? new Uint8Array();
      return {
        offset: 0,
        close: () => undefined,
        readBytes(length: number) {
          return bytes.slice(this.offset, this.offset + length);
        },
      };
    }
    moveSync(to: File) {
      mockDisk.set(to.uri, mockDisk.get(this.uri) ?? new Uint8Array());
      mockDisk.delete(this.uri);
    }
    write = (text: string) => mockDisk.set(this.uri, new TextEncoder().encode(text));
    textSync = () => new TextDecoder().decode(mockDisk.get(this.uri));
    delete = () => mockDisk.delete(this.uri);
  }
  class Directory extends Entry {
    exists = true;
    create = () => undefined;
    list = () => [...mockDisk.keys()].filter((path) => path.startsWith(`${this.uri}/`)).map((path) => new File(path));
  }
  return { File, Directory, Paths: { document: new Directory('file:///documents'), availableDiskSpace: 5e9 } };
});

const LEFT = 'file:///documents/recordings';
const word = (value: number) => [24, 16, 8, 0].map((shift) => (value >> shift) & 255);
const box = (type: string, ...body: number[]): number[] => [
  ...word(body.length + 8),
  ...[...type].map((letter) => letter.charCodeAt(0)),
  ...body,
];
const words = (...values: number[]) => values.flatMap(word);
const HEADER = box('tkhd', ...words(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30, 720 * 65536, 1280 * 65536));
const HANDLER = box('mdia', ...box('hdlr', ...words(0, 0), ...[...'vide'].map((letter) => letter.charCodeAt(0))));
/** Seven seconds; as Android's recorder leaves it at any moment: bytes, then a table of them. */
const WHOLE = Uint8Array.from([
  ...box('mdat', 1, 2, 3),
  ...box('moov', ...box('mvhd', ...words(0, 0, 0, 600, 4200)), ...box('trak', ...HEADER, ...HANDLER)),
]);
const CUT = Uint8Array.from([...box('ftyp', 1, 2, 3, 4), ...words(9_000_000)]);

/** The modules of an app that was just started. */
function start() {
  jest.resetModules();
  const { clipStore } = require('./clip-store.native.ts') as typeof import('./clip-store.native.ts');
  const { newRecordingPath } = require('../recorder/recording-file.native.ts') as typeof import('../recorder/recording-file.native.ts');
  return { clipStore, newRecordingPath };
}

beforeEach(() => mockDisk.clear());

test('a take that a kill has cut off is found with its statement; what plays nowhere is deleted', async () => {
  mockDisk.set(`${LEFT}/V1St-GXR8.2.abc.mp4`, WHOLE);
  mockDisk.set(`${LEFT}/V1St-GXR8.1.def.mp4`, CUT);
  const { clipStore } = start();
  const facts = { media_type: 'video/mp4', duration_seconds: 7, width: 720, height: 1280, size_bytes: WHOLE.byteLength };
  expect(await clipStore.list()).toEqual([{ draft_id: 'V1St-GXR8', index: 2, take: { take_id: 'abc', ...facts } }]);
  expect([...mockDisk.keys()].filter((path) => path.startsWith(LEFT))).toEqual([]);
  expect(await clipStore.sendable('abc')).toMatchObject({ size: WHOLE.byteLength });
});

test('a file of another name is not lost either: it begins a draft of its own', async () => {
  mockDisk.set(`${LEFT}/VisionCamera_17.mp4`, WHOLE);
  expect(await start().clipStore.list()).toMatchObject([{ draft_id: 'VisionCamera_17', index: 0, take: { take_id: 'VisionCamera_17' } }]);
});

test('a recording that runs is left alone', async () => {
  const { clipStore, newRecordingPath } = start();
  const path = newRecordingPath('V1St-GXR8.0');
  expect(path).toMatch(/^\/documents\/recordings\/V1St-GXR8\.0\.[\w-]+\.mp4$/);
  mockDisk.set(`file://${path}`, WHOLE);
  expect(await clipStore.list()).toEqual([]);
  expect([...mockDisk.keys()]).toEqual([`file://${path}`]);
});
