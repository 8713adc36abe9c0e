import { useRouter } from 'expo-router';
import { useEffect } from 'react';
import { View } from 'react-native';
import Animated, { FadeInDown, useReducedMotion, ZoomIn } from 'react-native-reanimated';
import { pageUrl } from '../../lib/base-url.ts';
import { feel } from '../../lib/haptics';
import type { Draft } from '../../lib/sending/draft.ts';
import { shareLink } from '../../lib/share';
import { useAppDispatch } from '../../lib/store/store.ts';
import { infoShown } from '../../lib/store/ui-slice.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { NumberTile } from '../../ui/number-tile.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { ThemeScope, themed } from '../../ui/theme-provider.tsx';
import { PushOffer } from './push-offer.tsx';
import { useText } from './texts.ts';

/** It is out: the link, and a look at it. */
export function OnAir({ draft }: { draft: Draft }) {
  const styles = useStyles();
  return (
    <ThemeScope scheme="dark">
      <View style={styles.stage}>
        <Spotlight floor={0.5} />
        <Published draft={draft} />
      </View>
    </ThemeScope>
  );
}

function Published({ draft }: { draft: Draft }) {
  const t = useText();
  const styles = useStyles();
  const router = useRouter();
  const dispatch = useAppDispatch();
  const still = useReducedMotion();
  const path = `/c/${draft.challenge_id ?? ''}`;
  const url = pageUrl(path);
  useEffect(() => feel('right'), []);
  const share = async () => {
    if ((await shareLink(t('share_text'), url)) === 'copied') {
      dispatch(infoShown(t('copied')));
    }
  };
  const toFeed = () => router.dismissTo('/');
  return (
    <Screen
      bare
      style={styles.content}
      footer={
        <>
          <Button title={t('share')} icon="share" onPress={() => void share()} />
          <Button kind="secondary" title={t('watch')} icon="play" onPress={() => router.replace(`${path}?film=1`)} />
          <View style={styles.ways}>
            <Button kind="ghost" title={t('to_feed')} onPress={toFeed} style={styles.way} />
            <Button kind="ghost" title={t('another')} onPress={() => router.dismissTo('/create')} style={styles.way} />
          </View>
        </>
      }
    >
      <View style={styles.top}>
        <IconButton icon="close" label={t('close')} onPress={toFeed} />
      </View>
      <View aria-hidden style={styles.tiles}>
        {([1, 2, 3] as const).map((number) => (
          <Animated.View key={number} style={styles.slot} {...(still ? {} : { entering: ZoomIn.delay(number * 130).springify() })}>
            <NumberTile number={number} label="" disabled />
          </Animated.View>
        ))}
      </View>
      <Animated.View {...(still ? {} : { entering: FadeInDown.delay(500) })} style={styles.words}>
        <Title variant="giant" align="center" color="gold" testID="on-air">
          {t('published_title')}
        </Title>
        <Text align="center">{draft.audience === 'link' ? t('published_link') : t('published')}</Text>
        <Panel style={styles.link}>
          <Text variant="small" color="dim">
            {t('link')}
          </Text>
          <Text selectable variant="small">
            {url}
          </Text>
        </Panel>
        <PushOffer />
      </Animated.View>
    </Screen>
  );
}

const useStyles = themed(({ colors }) => ({
  stage: { flex: 1, backgroundColor: colors.background },
  content: { justifyContent: 'center' },
  top: { alignItems: 'flex-end', marginBottom: 'auto' },
  tiles: { flexDirection: 'row', gap: space.m, paddingHorizontal: space.l },
  slot: { flex: 1 },
  words: { gap: space.m, marginTop: space.l, marginBottom: 'auto' },
  ways: { flexDirection: 'row', flexWrap: 'wrap', gap: space.s },
  way: { flexGrow: 1, flexBasis: 150, paddingHorizontal: space.s },
  link: { alignSelf: 'stretch' },
}));
