import { SEGMENT_INDEXES, type Segment, type SegmentIndex } from '@2t1l/game/challenge';
import { View } from 'react-native';
import { Pressable } from '../../ui/pressable.tsx';
import { Text } from '../../ui/text.tsx';
import { radius, space, TARGET } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { passed, segmentAt } from './segments.ts';
import { useText } from './texts.ts';

interface Props {
  segments: readonly Segment[];
  seconds: number;
  onJump: (index: SegmentIndex) => void;
}

/** Where we are: three bars that fill, each a button to its statement. */
export function SegmentBars({ segments, seconds, onJump }: Props) {
  const styles = useStyles();
  const t = useText();
  const now = segmentAt(segments, seconds);
  return (
    <View style={styles.row}>
      {SEGMENT_INDEXES.map((index) => (
        <Pressable
          key={index}
          label={t('jump', { number: index + 1 })}
          selected={now === index}
          onPress={() => onJump(index)}
          style={[styles.target, { flexGrow: lengthOf(segments[index]) }]}
        >
          <View style={styles.track}>
            <View style={[styles.bar, { width: `${passed(segments[index], seconds) * 100}%` }]} />
          </View>
          <Text variant="tiny" style={[styles.number, now === index && styles.now]}>
            {String(index + 1)}
          </Text>
        </Pressable>
      ))}
    </View>
  );
}

/** A short statement still gets a bar that a thumb can hit. */
function lengthOf(segment: Segment | undefined): number {
  return segment ? Math.max(4, segment.end_seconds - segment.start_seconds) : 1;
}

const useStyles = themed(({ colors }) => ({
  row: { flexDirection: 'row', gap: space.s, paddingHorizontal: space.l },
  target: { flexBasis: 60, flexShrink: 1, minHeight: TARGET - 4, justifyContent: 'flex-end', gap: 3 },
  track: { height: 4, borderRadius: radius.round, backgroundColor: 'rgba(246, 242, 255, 0.32)', overflow: 'hidden' },
  bar: { height: '100%', backgroundColor: colors.text },
  number: { opacity: 0.75, fontWeight: '700' },
  now: { opacity: 1, color: colors.gold },
}));
