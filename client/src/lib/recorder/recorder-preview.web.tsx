import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { WebRecorder } from './recorder.web.ts';
import type { RecorderPreviewProps } from './recorder-preview.types.ts';

/** What the camera sees, filling its parent; the own face is mirrored, the file is not. */
export function RecorderPreview({ recorder, label }: RecorderPreviewProps<WebRecorder>) {
  const state = useSyncExternalStore(recorder.subscribe, recorder.getState);
  const video = useRef<HTMLVideoElement>(null);
  const stream = recorder.stream();
  const isMirrored = 'camera' in state && state.camera.facing === 'front';

  useEffect(() => {
    if (video.current !== null && video.current.srcObject !== stream) {
      video.current.srcObject = stream;
    }
  }, [stream]);

  return (
    <video
      ref={video}
      aria-label={label}
      autoPlay
      muted
      playsInline
      style={{
        position: 'absolute',
        inset: 0,
        width: '100%',
        height: '100%',
        objectFit: 'cover',
        transform: isMirrored ? 'scaleX(-1)' : 'none',
      }}
    />
  );
}
