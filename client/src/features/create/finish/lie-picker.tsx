import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { feel } from '../../../lib/haptics';
import type { Draft } from '../../../lib/sending/draft.ts';
import { NumberTile } from '../../../ui/number-tile.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { RadioGroup } from '../../../ui/radio-group.tsx';
import { Text, Title } from '../../../ui/text.tsx';
import { space } from '../../../ui/theme.ts';
import { useText } from '../texts.ts';

interface Props {
  draft: Draft;
  isMissing: boolean;
  onPick: (index: SegmentIndex) => void;
}

/** The lie is tilted as soon as it is marked. */
export function LiePicker({ draft, isMissing, onPick }: Props) {
  const t = useText();
  const pick = (index: SegmentIndex) => {
    feel('pick');
    onPick(index);
  };
  return (
    <Panel tone={isMissing ? 'lie' : 'plain'}>
      <Title level={2}>{t('lie_question')}</Title>
      <Text variant="small" color="dim">
        {t('lie_help')}
      </Text>
      <RadioGroup label={t('lie_question')} style={{ flexDirection: 'row', gap: space.m, paddingTop: space.s }}>
        {SEGMENT_INDEXES.map((index) => (
          <NumberTile
            key={index}
            role="radio"
            number={numberOf(index)}
            kind={draft.lie_index === index ? 'lie' : 'open'}
            label={t('lie_label', { number: index + 1 })}
            {...(draft.lie_index === index ? { caption: t('lie_caption') } : {})}
            onPress={() => pick(index)}
            testID={`lie-${index + 1}`}
          />
        ))}
      </RadioGroup>
    </Panel>
  );
}

function numberOf(index: SegmentIndex): 1 | 2 | 3 {
  return index === 0 ? 1 : index === 1 ? 2 : 3;
}
