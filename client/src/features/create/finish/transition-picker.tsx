import { TRANSITIONS, type Transition } from '@2t1l/game/challenge';
import { View } from 'react-native';
import { Pressable } from '../../../ui/pressable.tsx';
import { RadioGroup } from '../../../ui/radio-group.tsx';
import { Text } from '../../../ui/text.tsx';
import { radius, space } from '../../../ui/theme.ts';
import { themed } from '../../../ui/theme-provider.tsx';
import { useText } from '../texts.ts';
import { TransitionPicture } from './transition-picture.tsx';

interface Props {
  value: Transition;
  disabled: boolean;
  onChange: (transition: Transition) => void;
}

/** What the film shows between two statements, each choice as it looks. */
export function TransitionPicker({ value, disabled, onChange }: Props) {
  const styles = useStyles();
  const t = useText();
  return (
    <View style={{ gap: space.s }}>
      <Text variant="small" style={styles.label}>
        {t('transition')}
      </Text>
      <RadioGroup label={t('transition')} style={styles.row}>
        {TRANSITIONS.map((transition) => (
          <Pressable
            key={transition}
            role="radio"
            label={t(`transition_${transition}`)}
            checked={value === transition}
            disabled={disabled}
            onPress={() => onChange(transition)}
            style={[styles.option, value === transition && styles.chosen, disabled && styles.off]}
          >
            <TransitionPicture transition={transition} />
            <Text variant="tiny" align="center" style={styles.label}>
              {t(`transition_${transition}`)}
            </Text>
          </Pressable>
        ))}
      </RadioGroup>
      {disabled ? (
        <Text variant="small" color="dim">
          {t('transition_locked')}
        </Text>
      ) : null}
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  label: { fontWeight: '600' },
  row: { flexDirection: 'row', flexWrap: 'wrap', gap: space.s },
  option: {
    flexGrow: 1,
    flexBasis: 90,
    alignItems: 'center',
    gap: space.s,
    padding: space.m,
    borderRadius: radius.medium,
    borderWidth: 2,
    borderColor: colors.line,
    backgroundColor: colors.panel,
  },
  chosen: { borderColor: colors.violet, backgroundColor: colors.raised },
  off: { opacity: 0.5 },
}));
