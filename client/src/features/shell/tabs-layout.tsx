import { Tabs } from 'expo-router/js-tabs';
import { useWindowDimensions } from 'react-native';
import { WIDE } from '../../ui/theme.ts';
import { useTheme } from '../../ui/theme-provider.tsx';
import { NavBar } from './nav-bar.tsx';

/** Feed and profile with the navigation: below on a phone, at the side where there is room. */
export function TabsLayout() {
  const { colors } = useTheme();
  const isWide = useWindowDimensions().width >= WIDE;
  return (
    <Tabs
      screenOptions={{ headerShown: false, tabBarPosition: isWide ? 'left' : 'bottom', sceneStyle: { backgroundColor: colors.background } }}
      tabBar={() => <NavBar isWide={isWide} />}
    />
  );
}
