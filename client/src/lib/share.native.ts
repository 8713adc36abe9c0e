import { Share } from 'react-native';
import type { ShareOutcome } from './share.types.ts';

export async function shareLink(title: string, url: string): Promise<ShareOutcome> {
  try {
    const { action } = await Share.share({ title, message: `${title}\n${url}`, url });
    return action === Share.dismissedAction ? 'cancelled' : 'shared';
  } catch {
    return 'failed';
  }
}
