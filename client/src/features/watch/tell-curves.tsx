import type { Tells } from '@2t1l/contract/analysis';
import { SILENCE_DB } from '@2t1l/contract/tell-report';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { useState } from 'react';
import { View } from 'react-native';
import Svg, { Line, Path } from 'react-native-svg';
import { useTellWords } from '../../lib/tell-words.ts';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useTheme } from '../../ui/theme-provider.tsx';
import { lengthsOf, pathOf } from './curve-path.ts';
import { StatementMark } from './tell-table.tsx';
import { useTellsText } from './tells-texts.ts';

const HEIGHT = 44;
/** The unit that is written beside a curve, where people know one; what its height stands for at least, and what its foot. */
const CURVES = {
  pitch_hz: { title: 'curve_pitch', unit: 'Hz', spanMin: 60, foot: null },
  energy_db: { title: 'curve_energy', unit: null, spanMin: 20, foot: SILENCE_DB },
  expression_change: { title: 'curve_expression', unit: null, spanMin: 0.5, foot: 0 },
} as const;
type CurveName = keyof typeof CURVES;
const NAMES = Object.keys(CURVES) as CurveName[];

interface Props {
  tells: Tells;
  lieIndex: SegmentIndex | null;
}

/** Each signal over the three statements, side by side on one scale, as they follow each other in the film. */
export function TellCurves({ tells: { segments }, lieIndex }: Props) {
  const t = useTellsText();
  const [width, setWidth] = useState(0);
  const shown = NAMES.filter((name) => segments.some(({ curves }) => curves[name]?.values.some((value) => value !== null)));
  if (shown.length === 0) {
    return null;
  }
  const lengths = lengthsOf(segments.map(({ curves }) => NAMES.map((name) => curves[name])));
  return (
    <View style={{ gap: space.m }} onLayout={({ nativeEvent }) => setWidth(nativeEvent.layout.width)}>
      <View style={{ gap: space.xs }}>
        <Title level={3}>{t('curves')}</Title>
        <Text variant="small" color="dim">
          {t('curves_help')}
        </Text>
      </View>
      <View aria-hidden style={{ flexDirection: 'row' }}>
        {SEGMENT_INDEXES.map((index) => (
          <View key={index} style={{ flexGrow: lengths[index] ?? 1, flexBasis: 0, alignItems: 'flex-start' }}>
            <StatementMark index={index} lieIndex={lieIndex} />
          </View>
        ))}
      </View>
      {shown.map((name) => (
        <Curve key={name} name={name} curves={segments.map((segment) => segment.curves[name])} lengths={lengths} width={width} />
      ))}
    </View>
  );
}

interface CurveProps {
  name: CurveName;
  curves: Parameters<typeof pathOf>[0];
  lengths: readonly number[];
  width: number;
}

function Curve({ name, curves, lengths, width }: CurveProps) {
  const t = useTellsText();
  const words = useTellWords();
  const { colors } = useTheme();
  const { title, unit, spanMin, foot } = CURVES[name];
  const { path, borders, range } = pathOf(curves, { width, height: HEIGHT, lengths, spanMin, foot });
  const curve =
    unit === null || range === null
      ? t(title)
      : t('curve_range', { curve: t(title), low: words.amount(Math.round(range[0]), ''), high: words.amount(Math.round(range[1]), unit) });
  return (
    <View style={{ gap: space.xs }}>
      <Text variant="tiny" color="dim" aria-hidden>
        {curve}
      </Text>
      <View role="img" aria-label={t('curve_said', { curve })}>
        <Svg width={width} height={HEIGHT}>
          {borders.map((x) => (
            <Line key={x} x1={x} x2={x} y1={0} y2={HEIGHT} stroke={colors.line} strokeWidth={1} />
          ))}
          <Path d={path} stroke={colors.violet} strokeWidth={1.6} fill="none" strokeLinejoin="round" strokeLinecap="round" />
        </Svg>
      </View>
    </View>
  );
}
