/** Notices that a camera that was missing, taken or forbidden may be there again, without a question that nobody asked for. */
import type { CameraProblem } from './recorder.types.ts';

/**
 * Calls `reopen` when the page comes back, a device is plugged in or a permission changes, while `problem` names one that this may have
 * mended. Returns how to stop.
 */
export function watchForCamera(problem: () => CameraProblem | null, reopen: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const look = async () => {
    const before = problem();
    if (
      before !== null &&
      document.visibilityState === 'visible' &&
      (await isWorthATry(before)) &&
      !signal.aborted &&
      problem() === before
    ) {
      reopen();
    }
  };
  const onChange = () => void look();
  document.addEventListener('visibilitychange', onChange, { signal });
  navigator.mediaDevices?.addEventListener('devicechange', onChange, { signal });
  for (const name of ['camera', 'microphone'] as const) {
    void permissionOf(name).then((status) => status?.addEventListener('change', onChange, { signal }));
  }
  return () => stop.abort();
}

async function isWorthATry(problem: CameraProblem): Promise<boolean> {
  switch (problem) {
    case 'insecure':
    case 'unsupported':
      return false;
    case 'denied':
    case 'microphone_denied':
      return (await permissionOf('camera'))?.state === 'granted' && (await permissionOf('microphone'))?.state === 'granted';
    default:
      return true;
  }
}

/** Null in browsers that do not know the name. */
async function permissionOf(name: 'camera' | 'microphone'): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name });
  } catch {
    return null;
  }
}
