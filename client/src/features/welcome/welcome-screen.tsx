import { Redirect, useLocalSearchParams, useRouter } from 'expo-router';
import { StyleSheet, useWindowDimensions, View } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { COLUMN, space, stage, WIDE } from '../../ui/theme.ts';
import { ThemeScope } from '../../ui/theme-provider.tsx';
import { AccountForm } from './account-form.tsx';
import { LoginForm } from './login-form.tsx';
import { useText } from './texts.ts';
import { useEnter } from './use-enter.ts';
import { WelcomePicture } from './welcome-picture.tsx';

const MODES = ['start', 'signup', 'login', 'upgrade'] as const;
type Mode = (typeof MODES)[number];

/** The way in. `?mode=upgrade` keeps the guest's plays, `signup` and `login` open their forms; each is an address, so that back leads here. */
export function WelcomeScreen() {
  const params = useLocalSearchParams<{ mode?: string }>();
  const mode = MODES.find((known) => known === params.mode) ?? 'start';
  const router = useRouter();
  const isGuest = useAppSelector(({ auth }) => auth.status === 'player' && auth.player.is_guest);
  const hasAccount = useAppSelector(({ auth }) => auth.status === 'player' && !auth.player.is_guest);
  if (mode === 'start') {
    return hasAccount ? <Redirect href="/" /> : <Start onChoose={(form) => router.push(`/welcome?mode=${form}`)} />;
  }
  // A guest who makes an account upgrades, so that nothing is lost.
  const way = mode === 'signup' && isGuest ? 'upgrade' : mode;
  return <Entrance way={way} onMode={(form) => router.setParams({ mode: form })} />;
}

function Start({ onChoose }: { onChoose: (mode: Mode) => void }) {
  const isWide = useWindowDimensions().width >= WIDE;
  if (!isWide) {
    return (
      <Screen>
        <View style={{ flexGrow: 1 }}>
          <WelcomePicture />
        </View>
        <Doors onChoose={onChoose} />
      </Screen>
    );
  }
  // Where there is room the whole page is the stage.
  return (
    <ThemeScope scheme="dark">
      <View style={styles.stage}>
        <Spotlight floor={0.84} lamp={0.31} />
        <View role="main" style={styles.wide}>
          <View style={styles.picture}>
            <WelcomePicture bare />
          </View>
          <View style={styles.doors}>
            <Doors onChoose={onChoose} />
          </View>
        </View>
      </View>
    </ThemeScope>
  );
}

function Doors({ onChoose }: { onChoose: (mode: Mode) => void }) {
  const t = useText();
  const enter = useEnter(false);
  return (
    <View style={{ gap: space.m }}>
      <Title variant="hero">{t('headline')}</Title>
      <Text color="dim">{t('lead')}</Text>
      <Button
        title={t('guest')}
        icon="play"
        onPress={() => enter.mutate({ way: 'guest' })}
        busy={enter.isPending}
        testID="play-right-away"
        style={{ marginTop: space.s }}
      />
      <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space.s }}>
        <Button kind="secondary" title={t('signup')} onPress={() => onChoose('signup')} style={{ flexGrow: 1 }} />
        <Button kind="secondary" title={t('login')} onPress={() => onChoose('login')} style={{ flexGrow: 1 }} />
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  stage: { flex: 1, backgroundColor: stage.floor },
  wide: {
    flex: 1,
    flexDirection: 'row',
    alignItems: 'center',
    width: '100%',
    maxWidth: 1160,
    alignSelf: 'center',
    gap: space.xxl,
    padding: space.xl,
  },
  picture: { flex: 1.1, height: 520 },
  doors: { flex: 1, maxWidth: COLUMN },
});

interface EntranceProps {
  way: 'signup' | 'login' | 'upgrade';
  onMode: (mode: Mode) => void;
}

function Entrance({ way, onMode }: EntranceProps) {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  const leave = () => (router.canGoBack() ? router.back() : router.replace('/'));
  return (
    <Screen>
      <IconButton icon="back" label={common('back')} onPress={leave} style={{ alignSelf: 'flex-start' }} />
      <View style={{ gap: space.s }}>
        <Title>{t(`${way}_title`)}</Title>
        <Text color="dim">{t(`${way}_lead`)}</Text>
      </View>
      {way === 'login' ? <LoginForm /> : <AccountForm way={way} />}
      {way === 'login' ? (
        <Button kind="ghost" title={t('to_signup')} onPress={() => onMode('signup')} />
      ) : (
        <Button kind="ghost" title={t('to_login')} onPress={() => onMode('login')} />
      )}
    </Screen>
  );
}
