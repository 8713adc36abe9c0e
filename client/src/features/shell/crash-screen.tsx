import type { ErrorBoundaryProps } from 'expo-router';
import { Platform, StyleSheet, View } from 'react-native';
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
    <View role="main" style={[styles.page, { backgroundColor: colors.background }]}>
      <ErrorState
        title={common('error_title')}
        body={isPartLost ? t('part_lost') : errorText(error)}
        action={{ title: isPartLost ? t('load_again') : common('retry'), onPress: again }}
      />
    </View>
  );
}

const styles = StyleSheet.create({ page: { flex: 1 } });
