import { expect, it, jest } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react-native';
import { Platform } from 'react-native';
import { SafeAreaProvider } from 'react-native-safe-area-context';
import { Provider } from 'react-redux';
import { appUpdate } from '../../lib/app-update';
import { challengeActions } from '../../lib/sending/challenge-slice.ts';
import { buildClip, buildDraft } from '../../lib/sending/test/build-draft.ts';
import { store } from '../../lib/store/store.ts';
import { serverHeard } from '../../lib/store/ui-slice.ts';
import { UpdateScreen } from './update-screen.tsx';

jest.mock('@react-native-async-storage/async-storage', () => ({
  __esModule: true,
  default: { getItem: async () => null, setItem: async () => undefined, removeItem: async () => undefined },
}));
jest.mock('expo-secure-store', () => ({
  getItemAsync: async () => null,
  setItemAsync: async () => undefined,
  deleteItemAsync: async () => undefined,
}));

const METRICS = { frame: { x: 0, y: 0, width: 390, height: 844 }, insets: { top: 0, right: 0, bottom: 0, left: 0 } };

const show = () =>
  render(
    <SafeAreaProvider initialMetrics={METRICS}>
      <Provider store={store}>
        <UpdateScreen />
      </Provider>
    </SafeAreaProvider>,
  );

it('loads the new version in a browser, says that recordings stay, and keeps them', async () => {
  jest.replaceProperty(Platform, 'OS', 'web' as typeof Platform.OS);
  const apply = jest.spyOn(appUpdate, 'apply').mockImplementation(() => {});
  const drafts = { draft: buildDraft({ clips: [buildClip('take'), null, null] }) };
  store.dispatch(challengeActions.restarted({ drafts }));
  store.dispatch(serverHeard('update_required'));
  // Calls that were on their way may still be answered; the app is no newer for that.
  store.dispatch(serverHeard('heard'));
  expect(store.getState().ui.server).toBe('update_required');
  await show();
  expect(screen.getByText(/Your recordings stay on this device/)).toBeTruthy();
  await fireEvent.press(screen.getByText('Load the new version'));
  expect(apply).toHaveBeenCalledTimes(1);
  expect(store.getState().challenge.drafts.draft?.clips[0]?.take_id).toBe('take');
});

it('says where a phone gets the new version that no store of ours has', async () => {
  jest.restoreAllMocks();
  await show();
  expect(screen.getByText(/where you got this one/)).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});
