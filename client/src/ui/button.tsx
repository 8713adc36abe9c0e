import { ActivityIndicator, type StyleProp, View, type ViewStyle } from 'react-native';
import { Icon, type IconName } from './icon.tsx';
import { Pressable } from './pressable.tsx';
import { Text } from './text.tsx';
import { type Colors, fonts, radius, space, TARGET } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

export type ButtonKind = 'primary' | 'secondary' | 'ghost' | 'danger';

export interface ButtonProps {
  title: string;
  onPress: () => void;
  kind?: ButtonKind;
  icon?: IconName;
  /** Shows that the work has begun and takes no second tap. */
  busy?: boolean;
  disabled?: boolean;
  /** What a screen reader says where the title is not enough. */
  label?: string;
  hint?: string;
  style?: StyleProp<ViewStyle>;
  testID?: string;
}

const INK: Record<ButtonKind, keyof Colors> = { primary: 'onAction', secondary: 'text', ghost: 'text', danger: 'onLie' };

export function Button({ title, kind = 'primary', icon, busy, disabled, label, style, ...rest }: ButtonProps) {
  const styles = useStyles();
  const { colors } = useTheme();
  const ink = INK[kind];
  return (
    <Pressable
      {...rest}
      label={label ?? title}
      {...(busy === undefined ? {} : { busy })}
      {...(disabled === undefined ? {} : { disabled })}
      style={[styles.button, styles[kind], (disabled || busy) && styles.off, style]}
    >
      <View style={styles.row}>
        {busy ? <ActivityIndicator size="small" color={colors[ink]} /> : icon && <Icon name={icon} size={20} color={colors[ink]} />}
        <Text color={ink} align="center" style={kind === 'ghost' ? styles.quiet : styles.title}>
          {title}
        </Text>
      </View>
    </Pressable>
  );
}

const useStyles = themed(({ colors }) => ({
  button: {
    minHeight: TARGET + 6,
    borderRadius: radius.medium,
    paddingHorizontal: space.l,
    paddingVertical: space.m,
    justifyContent: 'center',
    alignItems: 'center',
    borderWidth: 1,
    borderColor: 'transparent',
  },
  row: { flexDirection: 'row', alignItems: 'center', justifyContent: 'center', gap: space.s },
  primary: { backgroundColor: colors.action },
  secondary: { backgroundColor: colors.raised, borderColor: colors.line },
  ghost: { backgroundColor: 'transparent', minHeight: TARGET },
  danger: { backgroundColor: colors.lie },
  off: { opacity: 0.5 },
  title: { fontFamily: fonts.display, fontSize: 15, lineHeight: 21, flexShrink: 1 },
  quiet: { fontSize: 16, fontWeight: '600', flexShrink: 1 },
}));
