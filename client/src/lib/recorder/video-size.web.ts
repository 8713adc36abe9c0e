export interface VideoSize {
  width: number;
  height: number;
}

export const NO_SIZE: VideoSize = { width: 0, height: 0 };

const PATIENCE_MS = 1500;

/** Size of the picture that a video element sees; zero where it does not tell in time. */
export function sizeOf(load: (video: HTMLVideoElement) => void): Promise<VideoSize> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'metadata';
  return new Promise<VideoSize>((resolve) => {
    const timer = setTimeout(() => resolve(NO_SIZE), PATIENCE_MS);
    const tell = () => {
      clearTimeout(timer);
      resolve({ width: video.videoWidth, height: video.videoHeight });
    };
    video.onloadedmetadata = tell;
    video.onerror = tell;
    load(video);
  }).finally(() => {
    video.removeAttribute('src');
    video.srcObject = null;
  });
}
