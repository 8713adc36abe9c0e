import { View } from 'react-native';
import { Icon, type IconName } from './icon.tsx';
import { Text } from './text.tsx';
import { type Colors, radius, space } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

interface Props {
  text: string;
  icon?: IconName;
  color?: keyof Colors;
}

/** A short word in a rounded frame. */
export function Pill({ text, icon, color = 'text' }: Props) {
  const styles = useStyles();
  const { colors } = useTheme();
  return (
    <View style={styles.pill}>
      {icon ? <Icon name={icon} size={15} color={colors[color]} /> : null}
      <Text variant="tiny" color={color} style={styles.word}>
        {text}
      </Text>
    </View>
  );
}

const useStyles = themed(({ colors, scheme }) => ({
  pill: {
    flexDirection: 'row',
    alignItems: 'center',
    alignSelf: 'flex-start',
    gap: space.xs + 2,
    borderRadius: radius.round,
    borderWidth: 1,
    borderColor: colors.line,
    backgroundColor: scheme === 'dark' ? 'rgba(13, 10, 26, 0.6)' : colors.raised,
    paddingHorizontal: space.m,
    paddingVertical: space.xs + 1,
  },
  word: { fontWeight: '600' },
}));
