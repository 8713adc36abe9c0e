import NetInfo, { useNetInfo } from '@react-native-community/netinfo';
import { onlineManager } from '@tanstack/react-query';
import { PersistQueryClientProvider } from '@tanstack/react-query-persist-client';
import { type ReactNode, useEffect, useState } from 'react';
import { Platform } from 'react-native';
import { SafeAreaProvider } from 'react-native-safe-area-context';
import { Provider } from 'react-redux';
import { apiUrl } from '../../lib/base-url.ts';
import { setLanguage } from '../../lib/i18n/i18n.ts';
import { flush, persistOptions, queryClient } from '../../lib/query-client.ts';
import { listenToDevice } from '../../lib/sending/device-events';
import { startSending } from '../../lib/sending/start-sending.ts';
import { startStore, store, useAppDispatch, useAppSelector } from '../../lib/store/store.ts';
import { onlineChanged, serverHeard } from '../../lib/store/ui-slice.ts';
import { ThemeProvider, useTheme } from '../../ui/theme-provider.tsx';

// Only the device's own word counts: no request to a third party or to `/` to find out.
NetInfo.configure({ reachabilityShouldRun: () => false });

/** How often a silent server is asked whether it is back. */
const KNOCK_MS = 10_000;

const started = startStore();
// What waits to be sent goes on whatever screen is open.
void started.finally(startSending);
listenToDevice({ onWake: () => {}, onLeave: () => void flush() });

/** Everything that a screen stands on. Shows nothing until the store is read, which takes a few milliseconds. */
export function Providers({ children }: { children: ReactNode }) {
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    void started.finally(() => setReady(true));
  }, []);
  return (
    <SafeAreaProvider>
      <Provider store={store}>
        <PersistQueryClientProvider client={queryClient} persistOptions={persistOptions}>
          {isReady ? <Chosen>{children}</Chosen> : null}
        </PersistQueryClientProvider>
      </Provider>
    </SafeAreaProvider>
  );
}

/** What the player chose: theme and language; and what the device says of the network. */
function Chosen({ children }: { children: ReactNode }) {
  const { theme, language } = useAppSelector((state) => state.ui);
  useNetwork();
  useEffect(() => setLanguage(language), [language]);
  return (
    <ThemeProvider choice={theme}>
      <PageGround />
      {children}
    </ThemeProvider>
  );
}

function useNetwork() {
  const dispatch = useAppDispatch();
  const { isConnected } = useNetInfo();
  const online = isConnected !== false;
  useEffect(() => {
    dispatch(onlineChanged(online));
    onlineManager.setOnline(online);
  }, [online, dispatch]);
  const isSilent = useAppSelector(({ ui }) => ui.server === 'silent');
  useEffect(() => {
    if (!online || !isSilent) {
      return;
    }
    const timer = setInterval(() => void knock().then((isThere) => isThere && dispatch(serverHeard('heard'))), KNOCK_MS);
    return () => clearInterval(timer);
  }, [online, isSilent, dispatch]);
}

/** True when the server is back; then the screens that it left without an answer ask again. */
async function knock(): Promise<boolean> {
  const answer = await fetch(apiUrl('/health/live'), { cache: 'no-store' }).catch(() => null);
  if (!answer?.ok) {
    return false;
  }
  void queryClient.refetchQueries({ type: 'active', stale: true });
  return true;
}

/** Gives the page behind the app the theme's ground and tells the style sheet which ring to draw. */
function PageGround() {
  const { scheme, colors } = useTheme();
  useEffect(() => {
    if (Platform.OS === 'web') {
      document.documentElement.dataset.theme = scheme;
      document.body.style.backgroundColor = colors.background;
    }
  }, [scheme, colors]);
  return null;
}
