import { afterEach, expect, it, jest } from '@jest/globals';
import { checkServer, originOf } from './server-choice.ts';

jest.mock('@react-native-async-storage/async-storage', () => ({ __esModule: true, default: {} }));
jest.mock('./api.ts', () => ({ session: {} }));

afterEach(() => {
  jest.restoreAllMocks();
});

it.each([
  ['play.example.com', 'https://play.example.com'],
  [' https://Play.Example.com/ ', 'https://play.example.com'],
  ['http://play.example.com:8000/c/1', 'http://play.example.com:8000'],
  ['localhost:8000', 'http://localhost:8000'],
  ['192.168.1.20:8000', 'http://192.168.1.20:8000'],
  ['ftp://play.example.com', null],
  ['https://me:secret@play.example.com', null],
  ['two words', null],
  ['', null],
])('%j is %j', (text, origin) => {
  expect(originOf(text)).toBe(origin);
});

const answers = (body: unknown) => jest.spyOn(globalThis, 'fetch').mockResolvedValue({ json: async () => body } as Response);

it('knows our servers by the form of a refusal', async () => {
  const asked = answers({ type: 'urn:2t1l:problem:unauthenticated' });
  expect(await checkServer('play.example.com')).toEqual({ origin: 'https://play.example.com' });
  expect(asked.mock.calls[0]?.[0]).toBe('https://play.example.com/api/v1/me');
  answers({ type: 'urn:2t1l:problem:host_not_allowed' });
  expect(await checkServer('play.example.com')).toEqual({ fault: 'closed' });
  answers({ status: 'ok' });
  expect(await checkServer('play.example.com')).toEqual({ fault: 'foreign' });
  jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('failed'));
  expect(await checkServer('play.example.com')).toEqual({ fault: 'unreachable' });
  expect(await checkServer('not an address')).toEqual({ fault: 'malformed' });
});
