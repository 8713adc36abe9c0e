/** What a browser tells of an open camera: light from a tiny copy of the picture, pictures that were dropped, room for the recording. */
import { brightness, type Readings } from './watch-take.ts';

const LOOK_MS = 1000;
const GRID = 16;
/** The room is asked for at every second look: it is a question to the browser's own process. */
const LOOKS_FOR_ROOM = 2;

export interface StreamWatch {
  readings(): Pick<Readings, 'light' | 'free_bytes' | 'arrived'>;
  close(): void;
}

/** Counts of a video track (W3C MediaStreamTrack Statistics); in Chromium, and in no DOM type yet. */
interface TrackStats {
  deliveredFrames: number;
  totalFrames: number;
}

/** Looks once a second until it is closed. */
export function createStreamWatch(stream: MediaStream): StreamWatch {
  const track = stream.getVideoTracks()[0];
  const picture = pictureOf(track);
  let seen: Pick<Readings, 'light' | 'free_bytes' | 'arrived'> = { light: null, free_bytes: null, arrived: null };
  let counted = statsOf(track);
  let looks = 0;

  const look = async () => {
    const now = statsOf(track);
    const total = now === null || counted === null ? null : now.totalFrames - counted.totalFrames;
    const delivered = now === null || counted === null ? 0 : now.deliveredFrames - counted.deliveredFrames;
    counted = now;
    seen = { ...seen, light: picture?.light() ?? null, arrived: total === null || total <= 0 ? null : Math.min(delivered / total, 1) };
    if (looks % LOOKS_FOR_ROOM === 0) {
      seen = { ...seen, free_bytes: await freeBytes() };
    }
    looks += 1;
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  void look();
  return {
    readings: () => seen,
    close() {
      clearInterval(timer);
      picture?.close();
    },
  };
}

/** Room that the browser still gives this page; null where it does not say. */
async function freeBytes(): Promise<number | null> {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
}

function statsOf(track: MediaStreamTrack | undefined): TrackStats | null {
  const stats: unknown = track !== undefined && 'stats' in track ? track.stats : null;
  return isStats(stats) ? { deliveredFrames: stats.deliveredFrames, totalFrames: stats.totalFrames } : null;
}

function isStats(stats: unknown): stats is TrackStats {
  return typeof stats === 'object' && stats !== null && 'deliveredFrames' in stats && 'totalFrames' in stats;
}

/** The picture drawn very small; the smallest copy is enough to say whether it is dark. */
function pictureOf(track: MediaStreamTrack | undefined): { light(): number | null; close(): void } | null {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (track === undefined || context === null) {
    return null;
  }
  context.canvas.width = GRID;
  context.canvas.height = GRID;
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  video.play().catch(() => undefined);
  return {
    light() {
      if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
        return null;
      }
      context.drawImage(video, 0, 0, GRID, GRID);
      return brightness(context.getImageData(0, 0, GRID, GRID).data, 3);
    },
    close() {
      video.srcObject = null;
    },
  };
}
