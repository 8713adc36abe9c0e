import { useRouter } from 'expo-router';
import { useCommonText } from '../../lib/i18n/common.ts';
import { defineTexts } from '../../lib/i18n/i18n.ts';
import { EmptyState } from '../../ui/message-state.tsx';
import { Screen } from '../../ui/screen.tsx';

const { useText } = defineTexts('not_found', {
  en: { title: 'This page is the lie', body: 'There is nothing at this address. The two true ones are elsewhere.' },
  de: { title: 'Diese Seite ist die Lüge', body: 'Unter dieser Adresse gibt es nichts. Die zwei wahren liegen woanders.' },
});

export function NotFoundScreen() {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  return (
    <Screen>
      <EmptyState title={t('title')} body={t('body')} action={{ title: common('home'), onPress: () => router.replace('/') }} />
    </Screen>
  );
}
