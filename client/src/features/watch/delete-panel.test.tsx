import { beforeEach, expect, it, jest } from '@jest/globals';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen } from '@testing-library/react-native';
import { Provider } from 'react-redux';
import { store } from '../../lib/store/store.ts';
import { DeletePanel } from './delete-panel.tsx';

const mockDelete = jest.fn<(call: unknown) => Promise<void>>();
const mockWent = jest.fn();
jest.mock('@react-native-async-storage/async-storage', () => ({ getItem: async () => null, setItem: async () => undefined }));
jest.mock('../../lib/api.ts', () => ({ api: { deleteChallenge: (call: unknown) => mockDelete(call) } }));
jest.mock('../../lib/api/problem.ts', () => ({ codeOf: (error: Error) => error.message }));
jest.mock('expo-router', () => ({ useRouter: () => ({ dismissTo: mockWent }) }));

const queries = new QueryClient({ defaultOptions: { mutations: { gcTime: Number.POSITIVE_INFINITY } } });

beforeEach(async () => {
  mockDelete.mockReset();
  mockWent.mockReset();
  await render(
    <Provider store={store}>
      <QueryClientProvider client={queries}>
        <DeletePanel challengeId="c1" onAsked={() => undefined} />
      </QueryClientProvider>
    </Provider>,
  );
  await fireEvent.press(screen.getByText('Delete this challenge'));
});

it('nothing is deleted before the question is answered, nor by "cancel"', async () => {
  await fireEvent.press(screen.getByText('Cancel'));
  expect(screen.queryByText('Delete for good')).toBeNull();
  expect(mockDelete).not.toHaveBeenCalled();
});

it.each([
  ['what is deleted', null, true],
  ['what was gone already', 'challenge_not_found', true],
  ['what could not be deleted', 'offline', false],
])('%s (problem: %s) leads to Me: %s', async (_what, problem, leads) => {
  mockDelete.mockImplementation(async () => {
    if (problem !== null) {
      throw new Error(problem);
    }
  });
  await fireEvent.press(screen.getByText('Delete for good'));
  await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
  expect(mockDelete.mock.calls).toEqual([[{ params: { id: 'c1' } }]]);
  expect(mockWent.mock.calls).toEqual(leads ? [['/me']] : []);
});
