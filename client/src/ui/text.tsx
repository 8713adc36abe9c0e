import type { Ref } from 'react';
import { Text as NativeText, type TextProps as NativeTextProps, type StyleProp, type TextStyle } from 'react-native';
import { type Colors, type TypeName, type as typeScale } from './theme.ts';
import { useTheme } from './theme-provider.tsx';

export interface TextProps extends Omit<NativeTextProps, 'style'> {
  variant?: TypeName;
  color?: keyof Colors;
  align?: 'left' | 'center' | 'right';
  style?: StyleProp<TextStyle>;
  ref?: Ref<NativeText>;
}

/** Every word on the screen. Grows with the reader's text size, nothing clips it. */
export function Text({ variant = 'body', color = 'text', align, style, ...rest }: TextProps) {
  const { colors } = useTheme();
  return <NativeText {...rest} style={[typeScale[variant], { color: colors[color] }, align && { textAlign: align }, style]} />;
}

export interface TitleProps extends TextProps {
  /** Level for screen readers; 1 once a screen. */
  level?: 1 | 2 | 3;
}

/** A heading in the display face. */
export function Title({ level = 1, variant = level === 1 ? 'title' : 'heading', ...rest }: TitleProps) {
  return <Text role="heading" aria-level={level} variant={variant} {...rest} />;
}
