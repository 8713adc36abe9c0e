import { afterEach, expect, jest, test } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react-native';
import { Linking, Platform } from 'react-native';
import { SafeAreaProvider } from 'react-native-safe-area-context';
import { CAMERA_PROBLEMS, type CameraProblem } from '../../../lib/recorder/recorder.types.ts';
import { CameraProblemView } from './camera-problem.tsx';

jest.mock('expo-router', () => ({ useRouter: () => ({ canGoBack: () => false, replace: () => undefined }) }));

const METRICS = { frame: { x: 0, y: 0, width: 390, height: 844 }, insets: { top: 47, bottom: 34, left: 0, right: 0 } };

type Deed = 'settings' | 'retry' | 'silent';

/** What each screen offers, in its order; the first is the big button. */
const OFFERS: Record<CameraProblem, { phone: [string, Deed][]; browser?: [string, Deed][] }> = {
  refused: { phone: [['Ask me again', 'retry']] },
  denied: {
    phone: [
      ['Open settings', 'settings'],
      ['Try again', 'retry'],
    ],
    browser: [['Try again', 'retry']],
  },
  restricted: { phone: [] },
  microphone_denied: {
    phone: [
      ['Open settings', 'settings'],
      ['Record without sound', 'silent'],
    ],
    browser: [
      ['Try again', 'retry'],
      ['Record without sound', 'silent'],
    ],
  },
  no_camera: { phone: [['Try again', 'retry']] },
  no_microphone: {
    phone: [
      ['Try again', 'retry'],
      ['Record without sound', 'silent'],
    ],
  },
  in_use: { phone: [['Try again', 'retry']] },
  overheated: { phone: [['Try again', 'retry']] },
  unplugged: { phone: [['Try again', 'retry']] },
  insecure: { phone: [] },
  unsupported: { phone: [] },
  camera_failed: { phone: [['Try again', 'retry']] },
};

afterEach(() => {
  jest.restoreAllMocks();
  Object.defineProperty(Platform, 'OS', { configurable: true, get: () => 'ios' });
});

const CASES = CAMERA_PROBLEMS.flatMap((problem) => (['phone', 'browser'] as const).map((place) => [problem, place] as const));

test.each(CASES)('%s on a %s: what happened, and exactly what helps', async (problem, place) => {
  Object.defineProperty(Platform, 'OS', { configurable: true, get: () => (place === 'phone' ? 'ios' : 'web') });
  const done: Deed[] = [];
  jest.spyOn(Linking, 'openSettings').mockImplementation(async () => void done.push('settings'));
  await render(
    <SafeAreaProvider initialMetrics={METRICS}>
      <CameraProblemView problem={problem} onRetry={() => done.push('retry')} onSilent={() => done.push('silent')} />
    </SafeAreaProvider>,
  );

  const offers = OFFERS[problem][place] ?? OFFERS[problem].phone;
  const buttons = screen.getAllByRole('button').map((button) => String(button.props['aria-label'] ?? button.props.accessibilityLabel));
  expect(buttons).toEqual(['Leave the studio', ...offers.map(([title]) => title)]);
  expect(screen.getByRole('heading')).toBeTruthy();
  for (const [title] of offers) {
    await fireEvent.press(screen.getByRole('button', { name: title }));
  }
  expect(done).toEqual(offers.map(([, deed]) => deed));
});
