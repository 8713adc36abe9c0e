import type { Challenge } from '@2t1l/contract/schemas';
import { beforeEach, expect, it, jest } from '@jest/globals';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen } from '@testing-library/react-native';
import { GuessPanel } from './guess-panel.tsx';

const mockGuess = jest.fn<(call: unknown, options: unknown) => Promise<never>>(() => Promise.reject(new Error('not now')));
jest.mock('@react-native-async-storage/async-storage', () => ({ getItem: async () => null, setItem: async () => undefined }));
// A spring would swing on after the test.
jest.mock('react-native-reanimated', () => ({
  __esModule: true,
  ...jest.requireActual<typeof import('react-native-reanimated')>('react-native-reanimated'),
  useReducedMotion: () => true,
}));
jest.mock('../../lib/api.ts', () => ({ api: { guess: (call: unknown, options: unknown) => mockGuess(call, options) } }));

const challenge = { id: 'c1', statements: ['I met a bear', null, 'I can juggle'] } as unknown as Challenge;

// Without a timer that outlives the test.
const queries = new QueryClient({ defaultOptions: { mutations: { gcTime: Number.POSITIVE_INFINITY } } });

beforeEach(async () => {
  mockGuess.mockClear();
  await render(
    <QueryClientProvider client={queries}>
      <GuessPanel challenge={challenge} />
    </QueryClientProvider>,
  );
});

it('nothing can be locked before a number is picked', async () => {
  await fireEvent.press(screen.getByText('Tap the number you doubt'));
  expect(mockGuess).not.toHaveBeenCalled();
});

it('a pick shows its statement in full; the button says what is at stake as the dial turns', async () => {
  await fireEvent.press(screen.getByLabelText('Take statement 3 for the lie: I can juggle'));
  expect(screen.getByText('“I can juggle”')).toBeTruthy();
  expect(screen.getByText(/right \+75, wrong\s−76/)).toBeTruthy();
  await fireEvent.press(screen.getByLabelText('More sure'));
  expect(screen.getByText(/right \+80, wrong\s−85/)).toBeTruthy();
});

it('locks the pick with its confidence; a double press is the same call under the same key', async () => {
  await fireEvent.press(screen.getByLabelText('Take statement 2 for the lie'));
  await fireEvent.press(screen.getByLabelText('Less sure'));
  const lock = screen.getByTestId('lock-it-in');
  await fireEvent.press(lock);
  await fireEvent.press(lock);
  // What the calls come to is shown a moment later.
  await act(async () => void (await new Promise((resolve) => setTimeout(resolve, 20))));
  const [[call, options] = [], ...others] = mockGuess.mock.calls;
  expect(call).toEqual({ params: { id: 'c1' }, body: { guess: 1, confidence: 0.65 } });
  expect(options).toEqual({ idempotencyKey: expect.stringMatching(/^.{10,}$/) });
  for (const again of others) {
    expect(again).toEqual([call, options]);
  }
});
