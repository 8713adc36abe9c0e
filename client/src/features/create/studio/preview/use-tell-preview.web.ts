import { useEffect, useRef, useState } from 'react';
import type { WebRecorder } from '../../../../lib/recorder/recorder.web.ts';
import { createPace } from './pace.ts';
import type { PreviewAnswer, PreviewEnd, PreviewPicture, PreviewReading, PreviewTake } from './preview.types.ts';

export const isPreviewAvailable: boolean = true;

/** At most twenty pictures a second, this wide: a face that fills a third of it is large enough for the nets. */
const EVERY_MS = 50;
const WIDTH = 270;
const LOOK_MS = 500;

/** The newest reading of what the camera sees, while `isOn`; `onEnd` where it gives up. The nets are loaded when it is turned on, and not before. */
export function useTellPreview(recorder: WebRecorder, isOn: boolean, onEnd: (why: PreviewEnd) => void): PreviewReading {
  const [reading, setReading] = useState<PreviewReading>(null);
  const end = useRef(onEnd);
  useEffect(() => {
    end.current = onEnd;
  });
  const stream = recorder.stream();
  useEffect(() => {
    if (!isOn || stream === null) {
      return;
    }
    if (!isSupported()) {
      end.current('unsupported');
      return;
    }
    const stop = run({ stream, take: () => takeOf(recorder), onReading: setReading, onEnd: (why) => end.current(why) });
    return () => {
      stop();
      setReading(null);
    };
  }, [recorder, stream, isOn]);
  return reading;
}

function takeOf(recorder: WebRecorder): PreviewTake {
  const { status } = recorder.getState();
  return status === 'recording' ? 'running' : status === 'paused' ? 'paused' : 'none';
}

interface RunOptions {
  stream: MediaStream;
  take: () => PreviewTake;
  onReading: (reading: PreviewReading) => void;
  onEnd: (why: PreviewEnd) => void;
}

function run({ stream, take, onReading, onEnd }: RunOptions): () => void {
  const worker = new Worker(new URL('./preview-worker', window.location.href));
  const video = document.createElement('video');
  const pace = createPace();
  let takenAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const stop = () => {
    isOver = true;
    clearTimeout(timer);
    clearInterval(watch);
    document.removeEventListener('visibilitychange', pace.forget);
    worker.terminate();
    video.srcObject = null;
  };
  const giveUp = (why: PreviewEnd) => {
    if (!isOver) {
      stop();
      onEnd(why);
    }
  };
  // One picture in flight: the next goes out when this one is answered, and what the camera saw meanwhile is passed over.
  const send = async () => {
    takenAt = performance.now();
    const bitmap = await pictureOf(video);
    if (isOver) {
      bitmap?.close();
      return;
    }
    if (bitmap === null) {
      timer = setTimeout(send, EVERY_MS);
      return;
    }
    const picture: PreviewPicture = { bitmap, timestamp_seconds: takenAt / 1000, take: take() };
    worker.postMessage(picture, [bitmap]);
  };
  worker.onmessage = ({ data }: MessageEvent<PreviewAnswer>) => {
    if (data.status === 'failed') {
      giveUp('failed');
      return;
    }
    const now = performance.now();
    pace.answered(now);
    onReading({ frame: data.frame, blinks: data.blinks, per_second: pace.perSecond(now) });
    timer = setTimeout(send, Math.max(0, takenAt + EVERY_MS - now));
  };
  worker.onerror = () => giveUp('failed');
  const watch = setInterval(() => {
    if (!document.hidden && pace.isTooSlow(performance.now())) {
      giveUp('slow');
    }
  }, LOOK_MS);
  // A page in the background draws nothing: that is not slow.
  document.addEventListener('visibilitychange', pace.forget);
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  void video.play().catch(() => undefined);
  void send();
  return stop;
}

/** What the camera shows now, made small; null while it shows nothing. */
async function pictureOf(video: HTMLVideoElement): Promise<ImageBitmap | null> {
  const { videoWidth, videoHeight, readyState } = video;
  if (readyState < HTMLMediaElement.HAVE_CURRENT_DATA || videoWidth === 0 || document.hidden) {
    return null;
  }
  const size = { resizeWidth: WIDTH, resizeHeight: Math.round((WIDTH * videoHeight) / videoWidth) };
  return await createImageBitmap(video, { ...size, resizeQuality: 'low' }).catch(() => null);
}

/** The smallest module with a vector instruction (WebAssembly 2.0, fixed-width SIMD): `v128.const` and `i8x16.popcnt`. */
const SIMD_MODULE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

function isSupported(): boolean {
  return (
    typeof Worker !== 'undefined' &&
    typeof OffscreenCanvas !== 'undefined' &&
    typeof WebAssembly !== 'undefined' &&
    WebAssembly.validate(new Uint8Array(SIMD_MODULE))
  );
}
