import { expect, test } from '@jest/globals';
import { findMovieBox } from './mp4-boxes.ts';

function box(type: string, payloadBytes: number, claimed = payloadBytes + 8): Uint8Array {
  const bytes = new Uint8Array(payloadBytes + 8);
  new DataView(bytes.buffer).setUint32(0, claimed);
  bytes.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  return bytes;
}

function largeBox(type: string, payloadBytes: number): Uint8Array {
  const bytes = new Uint8Array(payloadBytes + 16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 1);
  view.setUint32(12, payloadBytes + 16);
  bytes.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  return bytes;
}

function check(...boxes: Uint8Array[]): boolean {
  const file = Uint8Array.from(boxes.flatMap((part) => [...part]));
  return findMovieBox((offset, length) => file.subarray(offset, offset + length), file.byteLength) !== null;
}

test.each([
  ['moov at the end', [box('ftyp', 16), box('mdat', 100), box('moov', 40)], true],
  ['moov first', [box('ftyp', 16), box('moov', 40), box('mdat', 100)], true],
  ['a large mdat before it', [box('ftyp', 16), largeBox('mdat', 100), box('moov', 40)], true],
  ['no moov', [box('ftyp', 16), box('mdat', 100)], false],
  ['cut off inside mdat', [box('ftyp', 16), box('mdat', 100, 5000)], false],
  ['moov cut off', [box('ftyp', 16), box('moov', 40, 400)], false],
  ['mdat to the end of the file', [box('ftyp', 16), box('mdat', 100, 0)], false],
  ['a box of impossible size', [box('ftyp', 16, 3), box('moov', 40)], false],
  ['nothing', [], false],
])('%s', (_name, boxes, expected) => {
  expect(check(...boxes)).toBe(expected);
});
