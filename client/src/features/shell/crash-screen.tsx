import type { ErrorBoundaryProps } from 'expo-router';
import { Platform, ScrollView, StyleSheet } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { ErrorState } from '../../ui/message-state.tsx';
import { ThemeProvider, useTheme } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

/** In place of a screen that broke, or whose part of the program did not load: never a blank page. Stands without any provider above it. */
export function CrashScreen(props: ErrorBoundaryProps) {
  return (
    <ThemeProvider choice="system">
      <Message {...props} />
    </ThemeProvider>
  );
}

function Message({ error, retry }: ErrorBoundaryProps) {
  const common = useCommonText();
  const t = useText();
  const { colors } = useTheme();
  // A part of the program that did not load is not asked for twice in one page, so a browser begins anew.
  const again = () => (Platform.OS === 'web' ? globalThis.location.reload() : void retry());
  const isPartLost = error.name === 'AsyncRequireError';
  return (
    <ScrollView role="main" style={{ backgroundColor: colors.background }} contentContainerStyle={styles.page}>
      <ErrorState
        title={common('error_title')}
        body={isPartLost ? t('part_lost') : errorText(error)}
        action={{ title: isPartLost ? t('load_again') : common('retry'), onPress: again }}
      />
    </ScrollView>
  );
}

const styles = StyleSheet.create({ page: { flexGrow: 1 } });
