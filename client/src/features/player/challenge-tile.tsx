import type { PublicChallenge } from '@2t1l/contract/schemas';
import { CANVAS_HEIGHT, CANVAS_WIDTH } from '@2t1l/game/limits';
import { LinearGradient } from 'expo-linear-gradient';
import { StyleSheet, View } from 'react-native';
import { absoluteUrl } from '../../lib/base-url.ts';
import { Picture } from '../../ui/picture';
import { Pressable } from '../../ui/pressable.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { Text } from '../../ui/text.tsx';
import { radius, space } from '../../ui/theme.ts';
import { ThemeScope } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

interface Props {
  challenge: PublicChallenge;
  onOpen: () => void;
}

/** A small stage: poster, title, how many have guessed. */
export function ChallengeTile({ challenge, onOpen }: Props) {
  const t = useText();
  const title = challenge.title || challenge.prompt || t('untitled');
  return (
    <ThemeScope scheme="dark">
      <View style={styles.slot}>
        <Pressable role="link" onPress={onOpen} style={styles.tile}>
          <Spotlight />
          {challenge.poster_url ? <Picture source={absoluteUrl(challenge.poster_url)} style={StyleSheet.absoluteFill} fades /> : null}
          <LinearGradient colors={['rgba(13,10,26,0)', 'rgba(13,10,26,0.92)']} locations={[0.35, 1]} style={StyleSheet.absoluteFill} />
          <View style={styles.words}>
            <Text variant="strong" numberOfLines={3}>
              {title}
            </Text>
            <Text variant="tiny" color={challenge.has_guessed ? 'gold' : 'dim'}>
              {challenge.has_guessed ? t('seen') : t('guessed', { count: challenge.guess_count })}
            </Text>
          </View>
        </Pressable>
      </View>
    </ThemeScope>
  );
}

const styles = StyleSheet.create({
  slot: { flexGrow: 1, flexBasis: 150, maxWidth: 200 },
  tile: { aspectRatio: CANVAS_WIDTH / CANVAS_HEIGHT, borderRadius: radius.large, overflow: 'hidden', justifyContent: 'flex-end' },
  words: { padding: space.m, gap: space.xs },
});
