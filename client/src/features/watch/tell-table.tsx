import type { Tells } from '@2t1l/contract/analysis';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { useState } from 'react';
import { View } from 'react-native';
import { useTellWords } from '../../lib/tell-words.ts';
import { Button } from '../../ui/button.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { radius, space } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { useTellsText } from './tells-texts.ts';

const SHOWN_FIRST = 3;
/** Where a bar of decibels begins: below it there is silence. */
const SILENCE_DB = -60;

type Signal = Tells['segments'][number]['signals'][number];

/** The signals with the largest differences first: three bars each, one for a statement, of which the lie's number is marked. */
export function TellTable({ tells, lieIndex }: { tells: Tells; lieIndex: SegmentIndex | null }) {
  const t = useTellsText();
  const words = useTellWords();
  const [isOpen, setOpen] = useState(false);
  const rows = rowsOf(tells).filter(({ name }) => words.name(name) !== null);
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

interface SignalRow {
  name: string;
  unit: string;
  signals: (Signal | undefined)[];
  /** Where the strongest signal of all is this one, its statement. */
  mark: SegmentIndex | null;
}

/** Signals that at least two statements have, those with a large effect first. */
function rowsOf({ segments, strongest }: Tells): SignalRow[] {
  const names = [...new Set(segments.flatMap((segment) => segment.signals.map(({ name }) => name)))];
  const rows = names.map((name) => {
    const signals = SEGMENT_INDEXES.map((index) => segments[index]?.signals.find((signal) => signal.name === name));
    const unit = signals.find((signal) => signal !== undefined)?.unit ?? '';
    return { name, unit, signals, mark: strongest?.name === name ? strongest.segment_index : null };
  });
  const weight = (row: SignalRow) => Math.max(...row.signals.map((signal) => Math.abs(signal?.effect ?? 0)));
  return rows
    .filter((row) => row.signals.filter((signal) => typeof signal?.value === 'number').length > 1)
    .sort((a, b) => weight(b) - weight(a));
}

function Row({ row, lieIndex }: { row: SignalRow; lieIndex: SegmentIndex | null }) {
  const styles = useStyles();
  const t = useTellsText();
  const words = useTellWords();
  const values = row.signals.map((signal) => signal?.value ?? null);
  const numbers = values.filter((value) => value !== null);
  const low = Math.min(...numbers) < 0 ? Math.min(SILENCE_DB, ...numbers) : 0;
  const span = Math.max(...numbers) - low || 1;
  return (
    <View style={styles.row}>
      <Text variant="small" style={styles.name}>
        {words.name(row.name)}
      </Text>
      {SEGMENT_INDEXES.map((index) => {
        const value = values[index] ?? null;
        const number = index + 1;
        const said = value === null ? t('no_value', { number }) : t('value', { number, value: words.amount(value, row.unit) });
        return (
          <View key={index} role="img" aria-label={said} style={styles.line}>
            <Text variant="tiny" color={index === lieIndex ? 'lie' : 'dim'} style={styles.number}>
              {String(number)}
            </Text>
            <View style={styles.track}>
              {value === null ? null : (
                <View
                  style={[styles.bar, row.mark === index && styles.marked, { width: `${Math.max(2, ((value - low) / span) * 100)}%` }]}
                />
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

const useStyles = themed(({ colors }) => ({
  row: { gap: space.xs },
  name: { fontWeight: '600' },
  line: { flexDirection: 'row', alignItems: 'center', gap: space.s },
  number: { width: 14, fontWeight: '700' },
  track: { flex: 1, height: 8, borderRadius: radius.round, backgroundColor: colors.track, overflow: 'hidden' },
  bar: { height: '100%', borderRadius: radius.round, backgroundColor: colors.violet },
  marked: { backgroundColor: colors.gold },
  value: { minWidth: 72 },
}));
