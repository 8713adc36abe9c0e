import type { ReactNode, Ref } from 'react';
import { KeyboardAvoidingView, Platform, type RefreshControlProps, ScrollView, type StyleProp, View, type ViewStyle } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { COLUMN, space } from './theme.ts';
import { themed } from './theme-provider.tsx';

interface Props {
  children: ReactNode;
  /** Scrolls when the words outgrow the screen; on unless the screen has its own list. */
  scroll?: boolean;
  /** Stays at the bottom, above the home bar, while the rest scrolls. */
  footer?: ReactNode;
  /** The widest the column gets; `none` for a screen that lays itself out. */
  column?: number | 'none';
  /** Without a ground of its own: the stage behind it shows through. */
  bare?: boolean;
  /** To bring into view what has just appeared. */
  scrollRef?: Ref<ScrollView>;
  refreshControl?: React.ReactElement<RefreshControlProps>;
  style?: StyleProp<ViewStyle>;
}

/** The ground of a screen: safe areas, one readable column, the keyboard never over a field. */
export function Screen({ children, scroll = true, footer, column = COLUMN, bare, scrollRef, refreshControl, style }: Props) {
  const styles = useStyles();
  const insets = useSafeAreaInsets();
  const width: ViewStyle = column === 'none' ? styles.free : { ...styles.column, maxWidth: column };
  const edges: ViewStyle = { paddingTop: insets.top + space.l, paddingBottom: footer ? space.l : insets.bottom + space.xl };
  return (
    <KeyboardAvoidingView role="main" style={[styles.ground, bare && styles.bare]} behavior={Platform.OS === 'ios' ? 'padding' : undefined}>
      {scroll ? (
        <ScrollView
          {...(scrollRef ? { ref: scrollRef } : {})}
          style={styles.fill}
          contentContainerStyle={[width, edges, styles.grow, style]}
          keyboardShouldPersistTaps="handled"
          {...(refreshControl ? { refreshControl } : {})}
        >
          {children}
        </ScrollView>
      ) : (
        <View style={[styles.fill, width, edges, style]}>{children}</View>
      )}
      {footer ? <View style={[width, styles.footer, { paddingBottom: insets.bottom + space.l }]}>{footer}</View> : null}
    </KeyboardAvoidingView>
  );
}

const useStyles = themed(({ colors }) => ({
  ground: { flex: 1, backgroundColor: colors.background },
  bare: { backgroundColor: 'transparent' },
  fill: { flex: 1 },
  grow: { flexGrow: 1, gap: space.l },
  free: { width: '100%' },
  column: { width: '100%', alignSelf: 'center', paddingHorizontal: space.l },
  footer: { paddingTop: space.s, gap: space.s },
}));
