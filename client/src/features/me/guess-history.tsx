import type { MyGuess } from '@2t1l/contract/players';
import { useRouter } from 'expo-router';
import { View } from 'react-native';
import { absoluteUrl } from '../../lib/base-url.ts';
import { formatDay, formatPercent, formatScore } from '../../lib/format.ts';
import { NumberMark } from '../../ui/number-tile.tsx';
import { Picture } from '../../ui/picture';
import { Pressable } from '../../ui/pressable.tsx';
import { Text } from '../../ui/text.tsx';
import { fonts, radius, space } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { OwnList } from './own-list.tsx';
import { useText } from './texts.ts';
import { useMyGuesses } from './use-me.ts';

/** My guesses, newest first; each leads to its reveal. */
export function GuessHistory() {
  const t = useText();
  const empty = { words: t('guesses_empty'), action: t('guesses_action'), icon: 'play', href: '/' } as const;
  return (
    <OwnList title={t('guesses')} query={useMyGuesses()} empty={empty} more={t('guesses_more')}>
      {(item) => <Row item={item} />}
    </OwnList>
  );
}

function Row({ item }: { item: MyGuess }) {
  const styles = useStyles();
  const t = useText();
  const router = useRouter();
  const { challenge } = item;
  const title = challenge === null ? t('guess_gone') : challenge.title || t('untitled');
  const body = (
    <>
      <View style={styles.poster}>
        {challenge?.poster_url ? <Picture source={absoluteUrl(challenge.poster_url)} style={styles.image} /> : null}
        <NumberMark number={(item.guess + 1) as 1 | 2 | 3} kind={item.correct ? 'lie' : 'open'} size={30} />
      </View>
      <View style={styles.words}>
        <Text variant="strong" color={challenge === null ? 'dim' : 'text'}>
          {title}
        </Text>
        <Text variant="small" color={item.correct ? 'truth' : 'lie'}>
          {t(item.correct ? 'guess_right' : 'guess_wrong', { percent: formatPercent(item.confidence) })}
        </Text>
        <Text variant="tiny" color="dim">
          {[challenge?.author.username, formatDay(item.created_at)].filter((part) => part !== undefined).join(' · ')}
        </Text>
      </View>
      <Text style={styles.score} color={item.score > 0 ? 'truth' : item.score < 0 ? 'lie' : 'dim'}>
        {formatScore(item.score)}
      </Text>
    </>
  );
  return challenge === null ? (
    <View style={styles.row}>{body}</View>
  ) : (
    <Pressable role="link" onPress={() => router.push(`/c/${challenge.id}`)} style={styles.row}>
      {body}
    </Pressable>
  );
}

const useStyles = themed(({ colors }) => ({
  row: {
    flexDirection: 'row',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: space.m,
    padding: space.m,
    borderRadius: radius.large,
    borderWidth: 1,
    borderColor: colors.line,
    backgroundColor: colors.panel,
  },
  poster: {
    width: 46,
    height: 60,
    borderRadius: radius.small,
    overflow: 'hidden',
    backgroundColor: colors.raised,
    alignItems: 'center',
    justifyContent: 'center',
  },
  image: { position: 'absolute', top: 0, left: 0, width: 46, height: 60 },
  words: { flexGrow: 1, flexShrink: 1, flexBasis: 120, gap: 1 },
  score: { fontFamily: fonts.heavy, fontSize: 18, lineHeight: 26 },
}));
