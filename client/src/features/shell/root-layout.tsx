import { Unbounded_600SemiBold } from '@expo-google-fonts/unbounded/600SemiBold';
import { Unbounded_800ExtraBold } from '@expo-google-fonts/unbounded/800ExtraBold';
import { useFonts } from 'expo-font';
import { Stack, usePathname } from 'expo-router';
import { useEffect } from 'react';
import { StatusBar } from 'react-native';
import { appUpdate } from '../../lib/app-update';
import { hushStarts } from '../../lib/autoplay';
import { keepFocus } from '../../lib/keep-focus';
import { usePushAtStart } from '../../lib/push/use-push-at-start.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { useTheme } from '../../ui/theme-provider.tsx';
import { NetworkBanner } from './network-banner.tsx';
import { PageTitle } from './page-title.tsx';
import { Providers } from './providers.tsx';
import { Toasts } from './toasts.tsx';
import { UpdateScreen } from './update-screen.tsx';
import '../../lib/install';

hushStarts();

/** The frame around every screen. */
export function RootLayout() {
  // The display face swaps in when it has come; no screen waits for it.
  useFonts({ Unbounded_600SemiBold, Unbounded_800ExtraBold });
  useEffect(() => appUpdate.start(), []);
  useEffect(() => keepFocus(), []);
  return (
    <Providers>
      <Screens />
    </Providers>
  );
}

function Screens() {
  usePushAtStart();
  const { scheme, colors } = useTheme();
  const isTooOld = useAppSelector((state) => state.ui.server === 'update_required');
  // Whoever is recording finishes that first.
  const isRecording = usePathname() === '/create';
  if (isTooOld && !isRecording) {
    return <UpdateScreen />;
  }
  return (
    <>
      <StatusBar barStyle={scheme === 'dark' ? 'light-content' : 'dark-content'} />
      <PageTitle />
      <NetworkBanner />
      <Stack screenOptions={{ headerShown: false, contentStyle: { backgroundColor: colors.background } }} />
      <Toasts />
    </>
  );
}
