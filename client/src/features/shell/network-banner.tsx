import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useCommonText } from '../../lib/i18n/common.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { OfflineBanner } from '../../ui/offline-banner.tsx';
import { useText } from './texts.ts';

/** Says that what stands on the screen may be old: there is no network, or no server at its end. */
export function NetworkBanner() {
  const { online, server } = useAppSelector((state) => state.ui);
  const common = useCommonText();
  const t = useText();
  const { top } = useSafeAreaInsets();
  if (online && server !== 'silent') {
    return null;
  }
  return (
    <View style={{ paddingTop: top }}>
      <OfflineBanner text={online ? t('silent') : common('offline')} />
    </View>
  );
}
