import { Unbounded_600SemiBold } from '@expo-google-fonts/unbounded/600SemiBold';
import { Unbounded_800ExtraBold } from '@expo-google-fonts/unbounded/800ExtraBold';
import { useFonts } from 'expo-font';
import { Stack } from 'expo-router';
import { StatusBar } from 'react-native';
import { useTheme } from '../../ui/theme-provider.tsx';
import { NetworkBanner } from './network-banner.tsx';
import { Providers } from './providers.tsx';
import { Toasts } from './toasts.tsx';

/** The frame around every screen. */
export function RootLayout() {
  // The display face swaps in when it has come; no screen waits for it.
  useFonts({ Unbounded_600SemiBold, Unbounded_800ExtraBold });
  return (
    <Providers>
      <Screens />
    </Providers>
  );
}

function Screens() {
  const { scheme, colors } = useTheme();
  return (
    <>
      <StatusBar barStyle={scheme === 'dark' ? 'light-content' : 'dark-content'} />
      <NetworkBanner />
      <Stack screenOptions={{ headerShown: false, contentStyle: { backgroundColor: colors.background } }} />
      <Toasts />
    </>
  );
}
