import { useRouter } from 'expo-router';
import { useCommonText } from '../../lib/i18n/common.ts';
import { EmptyState } from '../../ui/message-state.tsx';
import { Screen } from '../../ui/screen.tsx';

export function NotFoundScreen() {
  const common = useCommonText();
  const router = useRouter();
  return (
    <Screen>
      <EmptyState
        title={common('nowhere_title')}
        body={common('nowhere_body')}
        action={{ title: common('home'), onPress: () => router.replace('/') }}
      />
    </Screen>
  );
}
