import { View } from 'react-native';
import { Icon } from './icon.tsx';
import { Pressable } from './pressable.tsx';
import { Text } from './text.tsx';
import { space, TARGET } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

interface Props {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  error?: string | undefined;
  /** A switch turns something on at once; a checkbox is part of a form. */
  role?: 'checkbox' | 'switch';
  testID?: string;
}

export function Checkbox({ label, checked, onChange, error, role = 'checkbox', testID }: Props) {
  const styles = useStyles();
  const { colors } = useTheme();
  return (
    <View>
      <Pressable
        role={role}
        label={label}
        checked={checked}
        onPress={() => onChange(!checked)}
        style={styles.row}
        {...(testID ? { testID } : {})}
      >
        <View style={[styles.box, checked && styles.on, error ? styles.wrong : null]}>
          {checked ? <Icon name="check" size={18} color={colors.onTruth} strokeWidth={3} /> : null}
        </View>
        <Text style={styles.label}>{label}</Text>
      </Pressable>
      {error ? (
        <Text variant="small" color="lie" role="alert">
          {error}
        </Text>
      ) : null}
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  row: { flexDirection: 'row', alignItems: 'center', gap: space.m, minHeight: TARGET },
  box: {
    width: 28,
    height: 28,
    borderRadius: 9,
    borderWidth: 2,
    borderColor: colors.dim,
    alignItems: 'center',
    justifyContent: 'center',
  },
  on: { backgroundColor: colors.truth, borderColor: colors.truth },
  wrong: { borderColor: colors.lie },
  label: { flex: 1 },
}));
