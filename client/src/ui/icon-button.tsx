import { type StyleProp, View, type ViewStyle } from 'react-native';
import { Icon, type IconName } from './icon.tsx';
import { Pressable } from './pressable.tsx';
import { Text } from './text.tsx';
import { radius, TARGET } from './theme.ts';
import { themed } from './theme-provider.tsx';

interface Props {
  label: string;
  onPress: () => void;
  icon?: IconName;
  /** A short mark in place of the icon, such as "1×". */
  mark?: string;
  selected?: boolean;
  disabled?: boolean;
  style?: StyleProp<ViewStyle>;
}

/** A round button that shows an icon or a mark; `label` says it in words. */
export function IconButton({ label, icon, mark, selected, disabled, onPress, style }: Props) {
  const styles = useStyles();
  return (
    <Pressable
      label={label}
      onPress={onPress}
      {...(selected === undefined ? {} : { selected })}
      {...(disabled === undefined ? {} : { disabled })}
      style={[styles.button, selected && styles.selected, disabled && styles.off, style]}
    >
      <View style={styles.inner}>
        {icon ? <Icon name={icon} size={21} /> : null}
        {mark ? (
          <Text variant="small" style={styles.mark}>
            {mark}
          </Text>
        ) : null}
      </View>
    </Pressable>
  );
}

const useStyles = themed(({ colors, scheme }) => ({
  button: {
    minWidth: TARGET,
    minHeight: TARGET,
    borderRadius: radius.round,
    backgroundColor: scheme === 'dark' ? 'rgba(13, 10, 26, 0.55)' : colors.raised,
    borderWidth: 1,
    borderColor: colors.line,
    alignItems: 'center',
    justifyContent: 'center',
  },
  inner: { alignItems: 'center', justifyContent: 'center' },
  selected: { borderColor: colors.gold, borderWidth: 2 },
  off: { opacity: 0.4 },
  mark: { fontWeight: '700' },
}));
