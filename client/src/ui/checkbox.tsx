import type { Ref } from 'react';
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
  ref?: Ref<View>;
}

export function Checkbox({ label, checked, onChange, error, role = 'checkbox', testID, ref }: Props) {
  const styles = useStyles();
  const { colors } = useTheme();
  const state = [checked && styles.on, error ? styles.wrong : null];
  const ink = role === 'switch' ? colors.truth : colors.onTruth;
  const mark = checked ? (
    <Icon name="check" size={role === 'switch' ? 14 : 18} color={ink} strokeWidth={role === 'switch' ? 4 : 3} />
  ) : null;
  return (
    <View>
      <Pressable
        role={role}
        label={label}
        checked={checked}
        onPress={() => onChange(!checked)}
        style={[styles.row, role === 'switch' && styles.wrapping]}
        {...(testID ? { testID } : {})}
        {...(ref ? { ref } : {})}
      >
        {role === 'switch' ? null : <View style={[styles.box, ...state]}>{mark}</View>}
        <Text style={styles.label}>{label}</Text>
        {role === 'switch' ? (
          <View style={[styles.track, ...state]}>
            <View style={[styles.knob, checked && styles.knobOn]}>{mark}</View>
          </View>
        ) : null}
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
  // Beside large words there is no room for the track: it goes below.
  label: { flexGrow: 1, flexShrink: 1, flexBasis: 110 },
  wrapping: { flexWrap: 'wrap', paddingVertical: space.xs },
  track: {
    width: 52,
    height: 30,
    borderRadius: 15,
    borderWidth: 2,
    borderColor: colors.dim,
    justifyContent: 'center',
    paddingHorizontal: 3,
  },
  knob: { width: 20, height: 20, borderRadius: 10, backgroundColor: colors.dim, alignItems: 'center', justifyContent: 'center' },
  knobOn: { alignSelf: 'flex-end', backgroundColor: colors.onTruth },
}));
