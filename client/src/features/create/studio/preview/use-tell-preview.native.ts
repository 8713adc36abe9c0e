import type { Recorder } from '../../../../lib/recorder/recorder.types.ts';
import type { PreviewEnd, PreviewReading } from './preview.types.ts';

/** Hermes has no WebAssembly: the preview is for browsers. */
export const isPreviewAvailable: boolean = false;

export function useTellPreview(_recorder: Recorder, _isOn: boolean, _onEnd: (why: PreviewEnd) => void): PreviewReading {
  return null;
}
