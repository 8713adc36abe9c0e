import type { FaceFrame } from '@2t1l/analysis/face/types';
import { expect, it, jest } from '@jest/globals';
import { render, screen } from '@testing-library/react-native';
import { StyleSheet, type ViewStyle } from 'react-native';
import type { StudioRecorder } from '../use-recorder.ts';
import type { Blinks, PreviewReading } from './preview.types.ts';
import { TellPreview } from './tell-preview.tsx';

let mockReading: PreviewReading = null;
jest.mock('./use-tell-preview', () => ({ isPreviewAvailable: true, useTellPreview: () => mockReading }));

const FRAME = {
  status: 'face',
  timestamp_seconds: 1,
  faces: 1,
  emotion: { timestamp_seconds: 1, happiness: 0.9, sadness: 0, anger: 0, fear: 0, surprise: 0, disgust: 0, neutral: 0.1, confidence: 0.9 },
  geometry: { pose: { yaw: 0, pitch: 0, roll: 0 }, iris: null, eye_openness: 0.3 },
} as FaceFrame;

it.each<[Blinks, string | null]>([
  [{ status: 'none' }, null],
  [{ status: 'counting' }, 'Blinks: counting …'],
  [{ status: 'too_slow' }, 'Blinks: too few pictures'],
  [{ status: 'counted', per_minute: 14.6 }, 'Blinks: about 15 a minute'],
])('%j is said as: %s', async (blinks, said) => {
  mockReading = { frame: FRAME, blinks, per_second: 15 };
  await render(<TellPreview recorder={{} as StudioRecorder['recorder']} wish="on" onWish={() => undefined} />);
  await screen.findByText('Looks: happy');
  expect(screen.queryByText(/^Blinks/)?.props.children ?? null).toBe(said);
});

it('to a screen reader it is one picture with a name: nothing in it is announced', async () => {
  mockReading = { frame: FRAME, blinks: { status: 'counting' }, per_second: 15 };
  await render(<TellPreview recorder={{} as StudioRecorder['recorder']} wish="on" onWish={() => undefined} />);
  const { role } = (await screen.findByLabelText('Live preview of your face’s tells')).props;
  expect(role).toBe('img');
  expect(JSON.stringify(screen.toJSON())).not.toMatch(/aria-live|accessibilityLiveRegion|"alert"|"status"/);
});

it.each<['off' | 'on', boolean]>([
  ['off', true],
  ['on', false],
])('%s, it lies over the place of the face: %s', async (wish, lies) => {
  await render(<TellPreview recorder={{} as StudioRecorder['recorder']} wish={wish} onWish={() => undefined} />);
  const place = screen.toJSON();
  expect(StyleSheet.flatten<ViewStyle>(place?.props.style).position === 'absolute').toBe(lies);
});
