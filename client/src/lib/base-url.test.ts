import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Platform } from 'react-native';
import { apiUrl } from './base-url.ts';

const UPLOADS = '/api/v1/uploads';
const browser = Object.getOwnPropertyDescriptor(globalThis, 'location');

beforeEach(() => {
  jest.replaceProperty(Platform, 'OS', 'web' as typeof Platform.OS);
  Object.defineProperty(globalThis, 'location', { value: { origin: 'http://localhost:8081' }, configurable: true });
});

afterEach(() => {
  jest.restoreAllMocks();
  if (browser === undefined) {
    Reflect.deleteProperty(globalThis, 'location');
  } else {
    Object.defineProperty(globalThis, 'location', browser);
  }
});

it('is below the server that the build names, whatever page asks', () => {
  expect(apiUrl(UPLOADS, 'http://localhost:8000')).toBe('http://localhost:8000/api/v1/uploads');
});

it('is below the page where the build names none', () => {
  expect(apiUrl(UPLOADS, '')).toBe('http://localhost:8081/api/v1/uploads');
});
