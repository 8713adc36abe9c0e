import type { SignalRow } from '@2t1l/contract/tell-report';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { useState } from 'react';
import { View } from 'react-native';
import { useTellWords } from '../../lib/tell-words.ts';
import { Button } from '../../ui/button.tsx';
import { NumberMark } from '../../ui/number-tile.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { radius, space } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { useTellsText } from './tells-texts.ts';

const SHOWN_FIRST = 3;

/** The signals with the largest differences first: three bars each, one for a statement, of which the lie's number is marked. */
export function TellTable({ rows, lieIndex }: { rows: readonly SignalRow[]; lieIndex: SegmentIndex | null }) {
  const t = useTellsText();
  const [isOpen, setOpen] = useState(false);
  if (rows.length === 0) {
    return null;
  }
  return (
    <View style={{ gap: space.m }}>
      <View style={{ gap: space.xs }}>
        <Title level={3}>{t('compare')}</Title>
        {lieIndex === null ? null : (
          <Text variant="small" color="lie">
            {t('lie_was', { number: lieIndex + 1 })}
          </Text>
        )}
      </View>
      {(isOpen ? rows : rows.slice(0, SHOWN_FIRST)).map((row) => (
        <Row key={row.name} row={row} lieIndex={lieIndex} />
      ))}
      {rows.length > SHOWN_FIRST ? <Button kind="ghost" title={isOpen ? t('less') : t('more')} onPress={() => setOpen(!isOpen)} /> : null}
    </View>
  );
}

function Row({ row, lieIndex }: { row: SignalRow; lieIndex: SegmentIndex | null }) {
  const styles = useStyles();
  const t = useTellsText();
  const words = useTellWords();
  return (
    <View style={styles.row}>
      <Text variant="small" style={styles.name}>
        {words.name(row.name)}
      </Text>
      {SEGMENT_INDEXES.map((index) => {
        const value = row.values[index] ?? null;
        const number = index + 1;
        const said = value === null ? t('no_value', { number }) : t('value', { number, value: words.amount(value, row.unit) });
        return (
          <View key={index} role="img" aria-label={said} style={styles.line}>
            <StatementMark index={index} lieIndex={lieIndex} />
            <View style={styles.track}>
              {value === null ? null : (
                <View style={[styles.bar, row.mark === index && styles.marked, { width: `${(row.bars[index] ?? 0) * 100}%` }]} />
              )}
            </View>
            <Text variant="tiny" color={row.mark === index ? 'gold' : 'dim'} align="right" style={styles.value}>
              {value === null ? '–' : words.amount(value, row.unit)}
            </Text>
          </View>
        );
      })}
    </View>
  );
}

/** A statement's number in the shape of what it was; without one until that is known. */
export function StatementMark({ index, lieIndex }: { index: SegmentIndex; lieIndex: SegmentIndex | null }) {
  return <NumberMark number={NUMBERS[index]} kind={lieIndex === null ? 'open' : index === lieIndex ? 'lie' : 'truth'} size={24} />;
}

const NUMBERS = [1, 2, 3] as const;

const useStyles = themed(({ colors }) => ({
  row: { gap: space.xs },
  name: { fontWeight: '600' },
  line: { flexDirection: 'row', alignItems: 'center', gap: space.s },
  track: { flex: 1, height: 8, borderRadius: radius.round, backgroundColor: colors.track, overflow: 'hidden' },
  bar: { height: '100%', borderRadius: radius.round, backgroundColor: colors.violet },
  marked: { backgroundColor: colors.gold },
  value: { minWidth: '26%', fontVariant: ['tabular-nums'] },
}));
