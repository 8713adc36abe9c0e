import type { Me } from '@2t1l/contract/schemas';
import { View } from 'react-native';
import { formatDay, formatNumber, formatScore } from '../../lib/format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { fonts, radius, space } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

/** Who I am and what I have done. Grey shapes until it is known. */
export function ProfileHead({ me }: { me: Me | null }) {
  const styles = useStyles();
  const t = useText();
  const stats = me && [
    { key: 'score', title: t('stat_score'), value: formatScore(me.stats.score) },
    { key: 'guesses', title: t('stat_guesses'), value: formatNumber(me.stats.guesses) },
    { key: 'correct', title: t('stat_correct'), value: formatNumber(me.stats.correct) },
    { key: 'published', title: t('stat_published'), value: formatNumber(me.stats.published) },
  ];
  return (
    <View style={styles.head}>
      <View style={styles.who}>
        {me ? <Avatar name={me.username} size={72} /> : <Skeleton width={72} height={72} round />}
        <View style={styles.words}>
          {me ? <Title>{me.username}</Title> : <Skeleton width={180} height={26} />}
          {me ? (
            <Text variant="small" color="dim">
              {me.is_guest ? t('guest') : (me.email ?? '')}
            </Text>
          ) : (
            <Skeleton width={120} height={14} />
          )}
          {me ? (
            <Text variant="small" color="dim">
              {t('member_since', { date: formatDay(me.created_at) })}
            </Text>
          ) : null}
        </View>
      </View>
      <View style={styles.stats}>
        {stats?.map((stat) => (
          <View key={stat.key} style={styles.stat}>
            <Text style={styles.number} color={stat.key === 'score' ? 'gold' : 'text'}>
              {stat.value}
            </Text>
            <Text variant="tiny" color="dim">
              {stat.title}
            </Text>
          </View>
        )) ?? <Skeleton height={82} />}
      </View>
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  head: { gap: space.l },
  who: { flexDirection: 'row', alignItems: 'center', gap: space.l },
  words: { flex: 1, gap: space.xs },
  stats: { flexDirection: 'row', flexWrap: 'wrap', gap: space.s },
  stat: {
    flexGrow: 1,
    flexBasis: 76,
    alignItems: 'center',
    backgroundColor: colors.panel,
    borderRadius: radius.medium,
    borderWidth: 1,
    borderColor: colors.line,
    paddingVertical: space.m,
    paddingHorizontal: space.xs,
  },
  number: { fontFamily: fonts.heavy, fontSize: 20, lineHeight: 28 },
}));
