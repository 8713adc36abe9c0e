import type { ShareOutcome } from './share.types.ts';

/** The browser's own sheet where there is one, else the clipboard. */
export async function shareLink(title: string, url: string): Promise<ShareOutcome> {
  const isTouch = globalThis.matchMedia?.('(pointer: coarse)').matches;
  if (isTouch && typeof navigator.share === 'function') {
    try {
      await navigator.share({ title, url });
      return 'shared';
    } catch (error) {
      if ((error as DOMException).name === 'AbortError') {
        return 'cancelled';
      }
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    return 'copied';
  } catch {
    return 'failed';
  }
}
