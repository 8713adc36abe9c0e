import { pageUrl } from './base-url.ts';
import { useCommonText } from './i18n/common.ts';
import { shareLink } from './share';
import { useAppDispatch } from './store/store.ts';
import { infoShown } from './store/ui-slice.ts';

/** Shares a page of ours by its path, and says so where the system does not. */
export function useShare(): (title: string, path: string) => Promise<void> {
  const common = useCommonText();
  const dispatch = useAppDispatch();
  return async (title, path) => {
    const url = pageUrl(path);
    const outcome = await shareLink(title, url);
    if (outcome === 'copied') {
      dispatch(infoShown(common('copied')));
    } else if (outcome === 'failed') {
      dispatch(infoShown(url));
    }
  };
}
