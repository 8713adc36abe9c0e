import type { Challenge } from '@2t1l/contract/schemas';
import { useQueryClient } from '@tanstack/react-query';
import { useGlobalSearchParams, usePathname } from 'expo-router';
import { useEffect, useSyncExternalStore } from 'react';
import { Platform } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { challengeKey } from '../../lib/query-keys.ts';
import { useText } from './texts.ts';

/** Names the page that is open, in tab, history and bookmark, and for a screen reader that comes back to it. */
export function PageTitle() {
  const title = usePageTitle();
  useEffect(() => {
    if (Platform.OS === 'web') {
      document.title = `${title} · 2Truths-1Lie`;
    }
  }, [title]);
  return null;
}

function usePageTitle(): string {
  const t = useText();
  const common = useCommonText();
  const path = usePathname();
  const { id = '', handle = '', mode = '' } = useGlobalSearchParams<{ id?: string; handle?: string; mode?: string }>();
  const challenge = useKnown(id);
  const [, place = ''] = path.split('/');
  switch (place) {
    case '':
      return common('feed');
    case 'create':
    case 'me':
      return common(place);
    case 'welcome':
      return t(mode === 'signup' || mode === 'login' || mode === 'upgrade' ? `page_${mode}` : 'page_welcome');
    case 'sending':
      return t('page_sending');
    case 'c':
      return challenge === undefined ? t('page_watch') : challenge.title.trim() || t('page_by', { name: challenge.author.username });
    default:
      return handle.startsWith('@') ? handle.slice(1) : common('nowhere_title');
  }
}

/** The challenge as the screen that shows it has it; an observer of its own would change how it is asked for. */
function useKnown(id: string): Challenge | undefined {
  const queries = useQueryClient();
  return useSyncExternalStore(
    (listener) => queries.getQueryCache().subscribe(listener),
    () => queries.getQueryData<Challenge>(challengeKey(id)),
  );
}
