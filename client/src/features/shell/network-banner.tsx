import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useCommonText } from '../../lib/i18n/common.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { OfflineBanner } from '../../ui/offline-banner.tsx';

export function NetworkBanner() {
  const online = useAppSelector((state) => state.ui.online);
  const t = useCommonText();
  const { top } = useSafeAreaInsets();
  if (online) {
    return null;
  }
  return (
    <View style={{ paddingTop: top }}>
      <OfflineBanner text={t('offline')} />
    </View>
  );
}
