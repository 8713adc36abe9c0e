/** How much light the camera has, from what VisionCamera shows of it: on Android a small copy of the preview, on iOS the exposure. */
import { Platform } from 'react-native';
import type { CameraRef } from 'react-native-vision-camera';
import { brightness } from './watch-take.ts';

/** A copy of the preview costs its view a frame or two, so it is taken seldom. */
const LOOK_MS = 3000;
const GRID = 16;
/** At 30 pictures a second a longer exposure is not to be had: from there on only the gain rises, and with it the noise. */
const LONG_EXPOSURE_SECONDS = 0.03;

export interface LightMeter {
  /** 0 to 1, null until the first look and where nothing tells. */
  light(): number | null;
  close(): void;
}

/** Looks every three seconds at what `preview` gives; null means that there is none now. */
export function createLightMeter(preview: () => CameraRef | null): LightMeter {
  let light: number | null = null;
  const look = async () => {
    const camera = preview();
    light = camera === null ? null : Platform.OS === 'ios' ? exposureLeft(camera.controller) : await brightnessOf(camera);
  };
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  return { light: () => light, close: () => clearInterval(timer) };
}

/** Pixel formats whose first byte is the one that is no colour; of those with four bytes the others have it at the end. */
const ALPHA_FIRST = ['ARGB', 'ABGR', 'XRGB', 'XBGR'];

async function brightnessOf(camera: CameraRef): Promise<number | null> {
  const picture = await camera.takeSnapshot();
  const small = await picture.resizeAsync(GRID, GRID);
  const { buffer, pixelFormat } = await small.toRawPixelDataAsync();
  picture.dispose();
  small.dispose();
  const isFourBytes = buffer.byteLength === GRID * GRID * 4;
  return isFourBytes ? brightness(new Uint8Array(buffer), ALPHA_FIRST.includes(pixelFormat) ? 0 : 3) : null;
}

/** What the sensor could still add in gain, 0 to 1, in steps of doubling as photographers count; 1 while the exposure is short. */
function exposureLeft(controller: CameraRef['controller']): number | null {
  if (controller === undefined || controller.iso <= 0 || controller.minISO <= 0 || controller.maxISO <= controller.minISO) {
    return null;
  }
  const used = Math.log2(controller.iso / controller.minISO) / Math.log2(controller.maxISO / controller.minISO);
  return controller.exposureDuration < LONG_EXPOSURE_SECONDS ? 1 : Math.min(Math.max(1 - used, 0), 1);
}
