import type { PublicChallenge } from '@2t1l/contract/schemas';
import { LinearGradient } from 'expo-linear-gradient';
import { StyleSheet, useWindowDimensions, View } from 'react-native';
import { absoluteUrl } from '../../lib/base-url.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { NumberMark } from '../../ui/number-tile.tsx';
import { Picture } from '../../ui/picture';
import { Pill } from '../../ui/pill.tsx';
import { Pressable } from '../../ui/pressable.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { radius, space, TARGET, WIDE } from '../../ui/theme.ts';
import { FEED_BAR_HEIGHT } from './feed-bar.tsx';
import { useText } from './texts.ts';

interface Props {
  challenge: PublicChallenge;
  height: number;
  onOpen: () => void;
  onAuthor: () => void;
}

/** Width of the card on a wide screen, of the page's height: portrait, as the film is. */
export function cardWidth(height: number): number {
  return Math.min(480, (height - 2 * space.xl) * 0.62);
}

/** One challenge, as high as the page: the author on the stage, what it is about, the way in. */
export function FeedCard({ challenge, height, onOpen, onAuthor }: Props) {
  const t = useText();
  const isWide = useWindowDimensions().width >= WIDE;
  const title = challenge.title || challenge.prompt || t('untitled');
  return (
    <View style={[styles.page, { minHeight: height }, isWide && styles.widePage]} role="article" aria-label={title}>
      <View style={[styles.card, isWide && { ...styles.wideCard, width: cardWidth(height) }]}>
        <Spotlight />
        {challenge.poster_url ? <Picture source={absoluteUrl(challenge.poster_url)} style={StyleSheet.absoluteFill} fades /> : null}
        <LinearGradient
          colors={['rgba(13,10,26,0.72)', 'rgba(13,10,26,0)', 'rgba(13,10,26,0)', 'rgba(13,10,26,0.9)', '#0d0a1a']}
          locations={[0, 0.2, 0.42, 0.76, 1]}
          style={StyleSheet.absoluteFill}
        />
        <View style={[styles.top, !isWide && styles.belowBar]}>
          <Pressable role="link" onPress={onAuthor} style={styles.who}>
            <Avatar name={challenge.author.username} />
            <View style={styles.author}>
              <Text variant="strong" numberOfLines={1}>
                {challenge.author.username}
              </Text>
              <Text variant="small" color="dim">
                {t('guessed', { count: challenge.guess_count })}
              </Text>
            </View>
          </Pressable>
          {challenge.author.is_house ? <Pill icon="star" color="gold" text={t('house')} /> : null}
        </View>
        <View style={styles.bottom}>
          <View style={styles.marks} aria-hidden>
            {([1, 2, 3] as const).map((number) => (
              <NumberMark key={number} number={number} kind="open" size={44} />
            ))}
          </View>
          <Title level={2} variant="hero">
            {title}
          </Title>
          {challenge.prompt && challenge.prompt !== title ? (
            <Text color="dim">{challenge.prompt}</Text>
          ) : (
            <Text color="dim">{t('tagline')}</Text>
          )}
          <Button
            title={t('watch')}
            icon="play"
            onPress={onOpen}
            label={t('watch_label', { title, name: challenge.author.username })}
            style={styles.button}
            testID="watch"
          />
        </View>
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  page: { justifyContent: 'center', alignItems: 'center' },
  widePage: { padding: space.xl },
  card: { flex: 1, alignSelf: 'stretch', justifyContent: 'space-between', overflow: 'hidden' },
  wideCard: { alignSelf: 'center', borderRadius: radius.huge, flexGrow: 1 },
  top: { flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', gap: space.m, padding: space.l },
  belowBar: { paddingTop: FEED_BAR_HEIGHT + space.s },
  who: { flexGrow: 1, flexShrink: 1, flexBasis: 140, flexDirection: 'row', alignItems: 'center', gap: space.m, minHeight: TARGET },
  author: { flex: 1 },
  bottom: { padding: space.l, paddingBottom: space.xl, gap: space.m, paddingRight: 76 },
  marks: { flexDirection: 'row', gap: space.s },
  button: { alignSelf: 'flex-start', marginTop: space.s },
});
