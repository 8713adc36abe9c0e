import type { Challenge, Reveal } from '@2t1l/contract/schemas';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { View } from 'react-native';
import { formatPercent } from '../../lib/format.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { NumberMark } from '../../ui/number-tile.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { radius, space } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

interface Props {
  challenge: Challenge;
  reveal: Reveal;
}

/** The three statements, which one was the lie, and how the crowd split. */
export function AnswerPanel({ challenge, reveal }: Props) {
  const t = useText();
  return (
    <Panel style={{ gap: space.l }}>
      <View style={{ flexDirection: 'row', justifyContent: 'space-between', alignItems: 'center', gap: space.s, flexWrap: 'wrap' }}>
        <Title level={2}>{t('answer')}</Title>
        <Pill icon="people" text={t('crowd', { count: reveal.crowd.guesses })} />
      </View>
      {SEGMENT_INDEXES.map((index) => (
        <Row key={index} index={index} statement={challenge.statements[index] ?? null} reveal={reveal} />
      ))}
    </Panel>
  );
}

function Row({ index, statement, reveal }: { index: SegmentIndex; statement: string | null; reveal: Reveal }) {
  const styles = useStyles();
  const t = useText();
  const common = useCommonText();
  const isLie = index === reveal.lie_index;
  const share = reveal.crowd.shares[index] ?? 0;
  const number = (index + 1) as 1 | 2 | 3;
  const isPick = reveal.own?.guess === index;
  return (
    <View style={styles.row}>
      <NumberMark number={number} kind={isLie ? 'lie' : 'truth'} size={42} />
      <View style={styles.words}>
        <Text variant={isLie ? 'strong' : 'body'}>{statement ?? common('statement', { number })}</Text>
        <View style={styles.line}>
          <Text variant="small" color={isLie ? 'lie' : 'truth'} style={styles.verdict}>
            {isLie ? t('was_lie') : t('was_truth')}
          </Text>
          {isPick ? (
            <Text variant="small" color="dim">
              {`· ${t('your_pick')}`}
            </Text>
          ) : null}
        </View>
        <View aria-hidden style={styles.track}>
          <View style={[styles.bar, isLie ? styles.lie : styles.truth, { width: `${Math.round(share * 100)}%` }]} />
        </View>
      </View>
      <Text variant="heading" aria-label={t('crowd_share', { share: formatPercent(share) })}>
        {formatPercent(share)}
      </Text>
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  // At large words, number and share stand above and below them.
  row: { flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', columnGap: space.m, rowGap: space.xs },
  words: { flexGrow: 1, flexShrink: 1, flexBasis: 110, gap: 3 },
  line: { flexDirection: 'row', flexWrap: 'wrap', gap: space.xs },
  verdict: { fontWeight: '700' },
  track: { height: 5, borderRadius: radius.round, backgroundColor: colors.track, overflow: 'hidden', marginTop: 2 },
  bar: { height: '100%', borderRadius: radius.round },
  lie: { backgroundColor: colors.lie },
  truth: { backgroundColor: colors.truth },
}));
