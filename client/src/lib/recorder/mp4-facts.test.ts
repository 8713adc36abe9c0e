import { expect, test } from '@jest/globals';
import { mp4Facts } from './mp4-facts.ts';

const ONE = 0x10000;
const UPRIGHT = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000];
const QUARTER = [0, ONE, 0, -ONE, 0, 0, 0, 0, 0x40000000];
const HALF = [-ONE, 0, 0, 0, -ONE, 0, 0, 0, 0x40000000];

function box(type: string, ...words: (number | number[] | string)[]): number[] {
  const body = words.flatMap((word) => (typeof word === 'number' ? bytesOf(word) : typeof word === 'string' ? letters(word) : word));
  return [...bytesOf(body.length + 8), ...letters(type), ...body];
}

function bytesOf(word: number): number[] {
  return [24, 16, 8, 0].map((shift) => (word >> shift) & 255);
}

function letters(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

function track(kind: string, width: number, height: number, matrix: number[]): number[] {
  const header = box('tkhd', 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...matrix, width * ONE, height * ONE);
  return box('trak', header, box('mdia', box('hdlr', 0, 0, kind, 0)));
}

const SHORT_HEADER = box('mvhd', 0, 0, 0, 600, 4200, ONE);
const LONG_HEADER = box('mvhd', ONE * 256, 0, 0, 0, 0, 600, 0, 4200, ONE);
const SOUND = track('soun', 0, 0, UPRIGHT);

test.each<[string, number[], object | null]>([
  ['upright', box('moov', SHORT_HEADER, track('vide', 720, 1280, UPRIGHT), SOUND), { width: 720, height: 1280, has_sound: true }],
  [
    'a sensor on its side',
    box('moov', SHORT_HEADER, SOUND, track('vide', 1280, 720, QUARTER)),
    { width: 720, height: 1280, has_sound: true },
  ],
  ['head down', box('moov', SHORT_HEADER, track('vide', 720, 1280, HALF)), { width: 720, height: 1280, has_sound: false }],
  ['times of 64 bits', box('moov', LONG_HEADER, track('vide', 720, 1280, UPRIGHT)), { width: 720, height: 1280, has_sound: false }],
  ['sound alone', box('moov', SHORT_HEADER, SOUND), null],
  ['no header', box('moov', track('vide', 720, 1280, UPRIGHT)), null],
  ['no time scale', box('moov', box('mvhd', 0, 0, 0, 0, 4200, ONE), track('vide', 720, 1280, UPRIGHT)), null],
  ['a header cut short', box('moov', box('mvhd', 0, 0), box('trak', box('tkhd', 0), box('mdia'))), null],
  ['no moov', box('mdat', 0), null],
  ['nothing', [], null],
])('%s', (_name, bytes, expected) => {
  expect(mp4Facts(Uint8Array.from(bytes))).toEqual(expected === null ? null : { duration_seconds: 7, ...expected });
});
