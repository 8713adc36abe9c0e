import Constants from 'expo-constants';
import { Linking, Platform, StyleSheet, View } from 'react-native';
import { appUpdate } from '../../lib/app-update';
import { hasContent } from '../../lib/sending/draft.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { ErrorState } from '../../ui/message-state.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { stage } from '../../ui/theme.ts';
import { ThemeScope } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

/** In place of every screen once the server takes no app as old as this one. What was recorded stays where it is. */
export function UpdateScreen() {
  const t = useText();
  const hasDrafts = useAppSelector(({ challenge }) =>
    Object.values(challenge.drafts).some((draft) => hasContent(draft) && !draft.is_cleaned),
  );
  const way = wayToUpdate();
  const words = [t('old_body'), ...(hasDrafts ? [t('old_kept')] : []), ...(way === null ? [t('old_by_hand')] : [])].join(' ');
  return (
    <ThemeScope scheme="dark">
      <View style={styles.page}>
        <Spotlight />
        <Screen bare>
          <ErrorState title={t('old_title')} body={words} {...(way === null ? {} : { action: { title: t(way.title), onPress: way.go } })} />
        </Screen>
      </View>
    </ThemeScope>
  );
}

/** A browser loads the page anew, a phone opens its store; null where the build names none. */
function wayToUpdate(): { title: 'old_reload' | 'old_store'; go: () => void } | null {
  if (Platform.OS === 'web') {
    return { title: 'old_reload', go: appUpdate.apply };
  }
  const { ios, android } = Constants.expoConfig ?? {};
  const store = Platform.OS === 'ios' ? ios?.appStoreUrl : android?.playStoreUrl;
  return store ? { title: 'old_store', go: () => void Linking.openURL(store) } : null;
}

const styles = StyleSheet.create({ page: { flex: 1, backgroundColor: stage.floor } });
