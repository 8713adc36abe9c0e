import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { act, renderHook } from '@testing-library/react-native';
import type { CameraFacts, RecorderState } from '../../../lib/recorder/recorder.types.ts';
import type { Readings } from '../../../lib/recorder/watch-take.ts';
import { useHint } from './use-hint.ts';
import type { StudioRecorder } from './use-recorder.ts';

const camera: CameraFacts = { facing: 'front', can_switch: true, can_pause: true, has_torch: false, has_sound: true };
const LIVE: RecorderState = { status: 'live', camera, refused: null };
const RECORDING: RecorderState = { status: 'recording', camera, elapsed_seconds: 5 };
const FINE: Readings = { light: 0.5, level: 0.6, is_clipping: false, free_bytes: 5e9, arrived: 1 };
const PHONE: Readings = { ...FINE, level: null, is_clipping: null };

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test.each<[string, RecorderState, Readings, string]>([
  ['nothing wrong', RECORDING, FINE, 'We hear you well'],
  ['a phone, which tells no level', RECORDING, PHONE, 'We are recording'],
  ['no microphone', { ...RECORDING, camera: { ...camera, has_sound: false } }, PHONE, 'Recording without sound'],
  ['dark', RECORDING, { ...PHONE, light: 0.05 }, 'It is dark. Turn towards a light'],
  ['dark before the recording', LIVE, { ...FINE, light: 0.05 }, 'It is dark. Turn towards a light'],
  ['silence before the recording', LIVE, { ...FINE, level: 0 }, 'Say it in your own words. Up to a minute.'],
  ['a quiet voice', RECORDING, { ...FINE, level: 0.1 }, 'We hardly hear you. Come closer'],
  ['a dead microphone', RECORDING, { ...FINE, level: 0 }, 'No sound at all. Is the microphone covered or muted?'],
  ['too loud', RECORDING, { ...FINE, is_clipping: true }, 'Too loud. Move back a little'],
  ['pictures lost', RECORDING, { ...FINE, arrived: 0.4 }, 'The picture stutters. Close other apps'],
  ['no room soon', RECORDING, { ...FINE, free_bytes: 4e7, light: 0 }, 'Hardly any room left on this device'],
  ['no room to begin', { ...LIVE, refused: 'no_space' }, FINE, 'There is no room on this device for a recording. Make some and try again.'],
  ['the last seconds', { ...RECORDING, elapsed_seconds: 51 }, { ...FINE, light: 0 }, 'Ten seconds left'],
])('%s', async (_name, state, readings, hint) => {
  const recorder = { readings: () => readings, level: () => readings.level } as StudioRecorder['recorder'];
  const studio = { recorder, state, keeping: { status: 'none' } } as StudioRecorder;
  const { result } = await renderHook(() => useHint(studio, false));
  await act(() => jest.advanceTimersByTime(12_000));
  expect(result.current).toBe(hint);
});
