/** The app as a system starts it for the background alone: what package.json names runs, and no screen is opened. */
import { expect, jest, test } from '@jest/globals';
import { main } from '../../../package.json';

const mockLoaded: string[] = [];
jest.mock('expo-task-manager', () => ({ defineTask: (name: string) => mockLoaded.push(name) }));
jest.mock('expo-background-task', () => ({}));
jest.mock('expo-router/entry', () => mockLoaded.push('screens'));
jest.mock('@react-native-async-storage/async-storage', () => ({}));
jest.mock('../store/store.ts', () => ({}));

test('the task of sending is known before any screen', () => {
  require(`../../../${main}`);
  expect(mockLoaded).toEqual(['2t1l-sending', 'screens']);
});
