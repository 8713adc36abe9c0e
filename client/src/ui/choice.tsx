import { View } from 'react-native';
import { Pressable } from './pressable.tsx';
import { RadioGroup } from './radio-group.tsx';
import { Text } from './text.tsx';
import { radius, space, TARGET } from './theme.ts';
import { themed } from './theme-provider.tsx';

interface Props<V extends string> {
  label: string;
  value: V;
  options: readonly { value: V; title: string }[];
  onChange: (value: V) => void;
}

/** One of a few, side by side. */
export function Choice<V extends string>({ label, value, options, onChange }: Props<V>) {
  const styles = useStyles();
  return (
    <View style={styles.group}>
      <Text variant="small" style={styles.label}>
        {label}
      </Text>
      <RadioGroup label={label} style={styles.row}>
        {options.map((option) => {
          const isChosen = option.value === value;
          return (
            <Pressable
              key={option.value}
              role="radio"
              label={option.title}
              checked={isChosen}
              onPress={() => onChange(option.value)}
              style={[styles.option, isChosen && styles.chosen]}
            >
              <Text variant="small" align="center" color={isChosen ? 'onAction' : 'text'} style={styles.word}>
                {option.title}
              </Text>
            </Pressable>
          );
        })}
      </RadioGroup>
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  group: { gap: space.xs + 2 },
  label: { fontWeight: '600' },
  row: { flexDirection: 'row', flexWrap: 'wrap', backgroundColor: colors.raised, borderRadius: radius.medium, padding: 4, gap: 4 },
  option: {
    flexGrow: 1,
    flexShrink: 1,
    flexBasis: 84,
    minHeight: TARGET,
    borderRadius: radius.medium - 4,
    alignItems: 'center',
    justifyContent: 'center',
    paddingHorizontal: space.s,
  },
  chosen: { backgroundColor: colors.action },
  word: { fontWeight: '700' },
}));
