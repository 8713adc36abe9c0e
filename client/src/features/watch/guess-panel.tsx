import type { Challenge } from '@2t1l/contract/schemas';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { QUICK_CONFIDENCE, score } from '@2t1l/game/score';
import { memo, useState } from 'react';
import { StyleSheet, View } from 'react-native';
import { formatScore } from '../../lib/format.ts';
import { feel } from '../../lib/haptics';
import { useKeys } from '../../lib/use-keys';
import { Button } from '../../ui/button.tsx';
import { ConfidenceDial } from '../../ui/confidence-dial.tsx';
import { confidenceOf, stepped } from '../../ui/dial-geometry.ts';
import { NumberTile } from '../../ui/number-tile.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Text } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useText } from './texts.ts';
import { useGuess } from './use-guess.ts';

/** The row below the digits, which jump. */
const PICK_KEYS = [
  ['q', 'Q'],
  ['w', 'W'],
  ['e', 'E'],
] as const;

/** Picks and dial under the thumb. The button says what is at stake before it is pressed. Drawn for itself: the film ticks beside it. */
export const GuessPanel = memo(function GuessPanel({ challenge }: { challenge: Challenge }) {
  const t = useText();
  const guess = useGuess(challenge.id);
  const [pick, setPick] = useState<SegmentIndex | null>(null);
  const [percent, setPercent] = useState(Math.round(QUICK_CONFIDENCE * 100));
  const confidence = confidenceOf(percent);
  const choose = (index: SegmentIndex) => {
    if (!guess.isPending) {
      feel('pick');
      setPick(index);
    }
  };
  const lock = () => pick !== null && !guess.isPending && guess.mutate({ guess: pick, confidence });
  const adjust = (steps: number) => pick !== null && setPercent((now) => stepped(now, steps));
  useKeys({
    ...Object.fromEntries(SEGMENT_INDEXES.flatMap((index) => PICK_KEYS[index].map((key) => [key, () => choose(index)]))),
    '+': () => adjust(1),
    '-': () => adjust(-1),
    Enter: lock,
  });
  const picked = pick === null ? null : challenge.statements[pick];
  return (
    <View style={styles.panel}>
      <RadioGroup label={t('picks')} style={styles.tiles}>
        {SEGMENT_INDEXES.map((index) => {
          const number = (index + 1) as 1 | 2 | 3;
          const statement = challenge.statements[index];
          return (
            <NumberTile
              key={index}
              number={number}
              role="radio"
              kind={pick === index ? 'lie' : 'open'}
              caption={pick === index ? t('picked') : ''}
              label={statement ? t('pick_said', { number, statement }) : t('pick', { number })}
              onPress={() => choose(index)}
              testID={`pick-${number}`}
              disabled={guess.isPending}
            />
          );
        })}
      </RadioGroup>
      {picked ? (
        <Text variant="small" align="center">
          {`“${picked}”`}
        </Text>
      ) : null}
      <ConfidenceDial
        value={percent}
        onChange={setPercent}
        label={t('dial')}
        valueText={t('dial_value', { percent })}
        lowLabel={t('dial_low')}
        highLabel={t('dial_high')}
        lessLabel={t('dial_less')}
        moreLabel={t('dial_more')}
        disabled={pick === null || guess.isPending}
      />
      <LockButton pick={pick} confidence={confidence} busy={guess.isPending} onPress={lock} />
    </View>
  );
});

interface LockProps {
  pick: SegmentIndex | null;
  confidence: number;
  busy: boolean;
  onPress: () => void;
}

function LockButton({ pick, confidence, busy, onPress }: LockProps) {
  const t = useText();
  if (pick === null) {
    return <Button title={t('lock_empty')} onPress={onPress} disabled />;
  }
  const elsewhere: SegmentIndex = pick === 0 ? 1 : 0;
  const stakes = {
    right: formatScore(score({ guess: pick, confidence }, pick)),
    wrong: formatScore(score({ guess: pick, confidence }, elsewhere)),
  };
  return <Button title={t('lock', stakes)} onPress={onPress} busy={busy} testID="lock-it-in" />;
}

const styles = StyleSheet.create({
  panel: { gap: space.m },
  tiles: { flexDirection: 'row', gap: space.m },
});
