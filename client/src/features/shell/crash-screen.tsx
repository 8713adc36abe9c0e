import type { ErrorBoundaryProps } from 'expo-router';
import { StyleSheet, View } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { ErrorState } from '../../ui/message-state.tsx';
import { ThemeProvider, useTheme } from '../../ui/theme-provider.tsx';

/** In place of a screen that broke, or whose part of the program did not load: never a blank page. Stands without any provider above it. */
export function CrashScreen(props: ErrorBoundaryProps) {
  return (
    <ThemeProvider choice="system">
      <Message {...props} />
    </ThemeProvider>
  );
}

function Message({ error, retry }: ErrorBoundaryProps) {
  const t = useCommonText();
  const { colors } = useTheme();
  return (
    <View role="main" style={[styles.page, { backgroundColor: colors.background }]}>
      <ErrorState title={t('error_title')} body={errorText(error)} action={{ title: t('retry'), onPress: () => void retry() }} />
    </View>
  );
}

const styles = StyleSheet.create({ page: { flex: 1 } });
