import type { ReactNode } from 'react';
import { type StyleProp, useWindowDimensions, View, type ViewStyle } from 'react-native';
import { NARROW, radius, space } from './theme.ts';
import { themed } from './theme-provider.tsx';

interface Props {
  children: ReactNode;
  /** `lie` and `truth` draw a border in the signal colour; the words inside say the same. */
  tone?: 'plain' | 'lie' | 'truth';
  style?: StyleProp<ViewStyle>;
}

/** A card on the ground. */
export function Panel({ children, tone = 'plain', style }: Props) {
  const styles = useStyles();
  const isNarrow = useWindowDimensions().width < NARROW;
  return <View style={[styles.panel, styles[tone], style, isNarrow && styles.narrow]}>{children}</View>;
}

const useStyles = themed(({ colors }) => ({
  panel: { backgroundColor: colors.panel, borderRadius: radius.large, borderWidth: 1, padding: space.l, gap: space.s },
  // Room for the longest word of a heading.
  narrow: { padding: space.m - 2 },
  plain: { borderColor: colors.line },
  lie: { borderColor: colors.lie },
  truth: { borderColor: colors.truth },
}));
