import { View } from 'react-native';
import { Icon } from './icon.tsx';
import { Text } from './text.tsx';
import { space } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

/** A line across the top while the network is away. */
export function OfflineBanner({ text }: { text: string }) {
  const styles = useStyles();
  const { colors } = useTheme();
  return (
    <View role="status" aria-live="polite" style={styles.banner}>
      <Icon name="offline" size={18} color={colors.onGold} />
      <Text variant="small" color="onGold" style={styles.text}>
        {text}
      </Text>
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  banner: {
    flexDirection: 'row',
    alignItems: 'center',
    justifyContent: 'center',
    gap: space.s,
    backgroundColor: colors.gold,
    paddingVertical: space.xs + 2,
    paddingHorizontal: space.l,
  },
  text: { fontWeight: '600', flexShrink: 1 },
}));
