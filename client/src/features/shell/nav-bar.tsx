import { usePathname, useRouter } from 'expo-router';
import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useCommonText } from '../../lib/i18n/common.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Pressable } from '../../ui/pressable.tsx';
import { Text } from '../../ui/text.tsx';
import { radius, space, TARGET } from '../../ui/theme.ts';
import { themed, useTheme } from '../../ui/theme-provider.tsx';
import { Mark } from './mark.tsx';

export function NavBar({ isWide }: { isWide: boolean }) {
  const styles = useStyles();
  const t = useCommonText();
  const insets = useSafeAreaInsets();
  const edge = isWide ? { paddingTop: insets.top + space.xl, paddingLeft: insets.left } : { paddingBottom: insets.bottom + space.xs };
  return (
    <View role="navigation" aria-label={t('navigation')} style={[styles.bar, isWide ? styles.side : styles.bottom, edge]}>
      {isWide ? (
        <View style={styles.mark}>
          <Mark size={48} />
        </View>
      ) : null}
      <Item path="/" icon="home" title={t('feed')} />
      <Item path="/create" icon="plus" title={t('create')} isMain />
      <Item path="/me" icon="person" title={t('me')} />
    </View>
  );
}

interface ItemProps {
  path: '/' | '/create' | '/me';
  icon: IconName;
  title: string;
  isMain?: boolean;
}

function Item({ path, icon, title, isMain }: ItemProps) {
  const styles = useStyles();
  const { colors } = useTheme();
  const router = useRouter();
  const isHere = usePathname() === path;
  return (
    <Pressable
      role="link"
      label={title}
      selected={isHere}
      style={styles.item}
      onPress={() => (isMain ? router.push(path) : router.navigate(path))}
    >
      <View style={[styles.icon, isHere && styles.here, isMain && styles.main]}>
        <Icon name={icon} size={isMain ? 26 : 24} color={isMain ? colors.onLie : isHere ? colors.text : colors.dim} />
      </View>
      <Text variant="tiny" color={isHere || isMain ? 'text' : 'dim'} style={styles.word}>
        {title}
      </Text>
    </Pressable>
  );
}

const useStyles = themed(({ colors }) => ({
  bar: { backgroundColor: colors.background, borderColor: colors.line },
  bottom: { flexDirection: 'row', borderTopWidth: 1, paddingTop: space.s, justifyContent: 'space-around' },
  side: { width: 96, borderRightWidth: 1, gap: space.l, alignItems: 'center' },
  mark: { marginBottom: space.l },
  item: {
    minWidth: 56,
    flexShrink: 1,
    minHeight: TARGET,
    alignItems: 'center',
    justifyContent: 'center',
    gap: 3,
    borderRadius: radius.medium,
  },
  icon: { width: 56, height: 34, borderRadius: 17, alignItems: 'center', justifyContent: 'center' },
  here: { backgroundColor: colors.raised },
  main: { backgroundColor: colors.lie, borderRadius: 12, transform: [{ rotate: '-4deg' }] },
  word: { fontWeight: '600' },
}));
