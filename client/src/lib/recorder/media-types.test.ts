import { expect, test } from '@jest/globals';
import { containerOf, MEDIA_TYPES, pickMediaType } from './media-types.ts';

test.each([
  ['Safari, AAC', (type: string) => type.includes('mp4a') || type === 'video/mp4', MEDIA_TYPES[0]],
  ['Chromium without AAC', (type: string) => type.endsWith('opus') || type === 'video/mp4', 'video/mp4;codecs=avc1.42E01F,opus'],
  ['Firefox', (type: string) => type.startsWith('video/webm') && !type.includes('h264'), 'video/webm;codecs=vp9,opus'],
  ['nothing', () => false, null],
])('%s', (_name, isSupported, expected) => {
  expect(pickMediaType(isSupported)).toBe(expected);
});

test('mp4 is asked for before webm', () => {
  const first = MEDIA_TYPES.findIndex((type) => type.startsWith('video/webm'));
  expect(MEDIA_TYPES.slice(0, first).every((type) => type.startsWith('video/mp4'))).toBe(true);
  expect(MEDIA_TYPES.slice(first).every((type) => type.startsWith('video/webm'))).toBe(true);
});

test('the container is the type without its codecs', () => {
  expect(containerOf('video/mp4;codecs=avc1,opus')).toBe('video/mp4');
  expect(containerOf('')).toBe('');
});
