import { useSyncExternalStore } from 'react';
import { StyleSheet } from 'react-native';
import { Camera, type Constraint } from 'react-native-vision-camera';
import type { NativeRecorder } from './recorder.native.ts';
import type { RecorderPreviewProps } from './recorder-preview.types.ts';

const CONSTRAINTS: Constraint[] = [{ fps: 30 }, { videoStabilizationMode: 'standard' }];

/** What the camera sees, filling its parent. It owns the camera session: without it nothing can be recorded. */
export function RecorderPreview({ recorder }: RecorderPreviewProps<NativeRecorder>) {
  const view = useSyncExternalStore(recorder.subscribeView, recorder.view);
  if (view === null) {
    return null;
  }
  return (
    <Camera
      ref={recorder.onPreview}
      style={StyleSheet.absoluteFill}
      device={view.facing}
      outputs={[view.output]}
      constraints={CONSTRAINTS}
      isActive
      // The file is not mirrored, also where the preview of the own face is.
      mirrorMode="off"
      orientationSource="interface"
      torchMode={view.torch ? 'on' : 'off'}
      resizeMode="cover"
      onStarted={recorder.onSessionStarted}
      onError={recorder.onSessionLost}
      onInterruptionStarted={recorder.onInterrupted}
    />
  );
}
