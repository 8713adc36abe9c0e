import type { SuspenseFallbackProps } from 'expo-router';
import { useEffect, useState } from 'react';
import { Platform, ScrollView, StyleSheet } from 'react-native';
import { OfflineState } from '../../ui/message-state.tsx';
import { ThemeProvider, useTheme } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

const PATIENCE_MS = 15_000;

/** While a screen's part of the program is on its way: the ground alone, and words once that takes long. Stands without any provider above it. */
export function LoadingScreen(_props: SuspenseFallbackProps) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return <ThemeProvider choice="system">{isLate ? <Late /> : null}</ThemeProvider>;
}

function Late() {
  const t = useText();
  const { colors } = useTheme();
  const again = { title: t('load_again'), onPress: () => globalThis.location.reload() };
  return (
    <ScrollView role="main" style={{ backgroundColor: colors.background }} contentContainerStyle={styles.page}>
      <OfflineState title={t('slow_title')} body={t('slow_body')} {...(Platform.OS === 'web' ? { action: again } : {})} />
    </ScrollView>
  );
}

const styles = StyleSheet.create({ page: { flexGrow: 1 } });
