/** May the app see and hear? Phones tell apart what was refused just now, what is blocked in the settings, and what is not the player's to allow. */
import { type PermissionStatus, VisionCamera } from 'react-native-vision-camera';
import type { CameraProblem } from './recorder.types.ts';

/** Asks where asking is possible; null when both are allowed. Without `sound` the microphone is left alone. */
export async function askPermission(sound: boolean): Promise<CameraProblem | null> {
  const isSeen = VisionCamera.cameraPermissionStatus === 'authorized' || (await VisionCamera.requestCameraPermission());
  if (!isSeen) {
    return problemOf(VisionCamera.cameraPermissionStatus);
  }
  const isHeard = !sound || VisionCamera.microphonePermissionStatus === 'authorized' || (await VisionCamera.requestMicrophonePermission());
  return isHeard ? null : 'microphone_denied';
}

/** True when nothing needs to be asked any more: somebody who comes back from the settings must not meet a question. */
export function isPermitted(sound: boolean): boolean {
  return VisionCamera.cameraPermissionStatus === 'authorized' && (!sound || VisionCamera.microphonePermissionStatus === 'authorized');
}

function problemOf(status: PermissionStatus): CameraProblem {
  switch (status) {
    case 'not-determined':
      // Android lets an app ask a second time.
      return 'refused';
    case 'restricted':
      return 'restricted';
    default:
      return 'denied';
  }
}
