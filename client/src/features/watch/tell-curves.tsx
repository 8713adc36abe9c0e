import type { Tells } from '@2t1l/contract/analysis';
import { useState } from 'react';
import { View } from 'react-native';
import Svg, { Line, Path } from 'react-native-svg';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useTheme } from '../../ui/theme-provider.tsx';
import { pathOf } from './curve-path.ts';
import { useTellsText } from './tells-texts.ts';

const HEIGHT = 44;
const CURVES = ['pitch_hz', 'energy_db', 'expression_change'] as const;
const NAMES = { pitch_hz: 'curve_pitch', energy_db: 'curve_energy', expression_change: 'curve_expression' } as const;

/** Each signal over the three statements, side by side on one scale, as they follow each other in the film. */
export function TellCurves({ tells }: { tells: Tells }) {
  const t = useTellsText();
  const { colors } = useTheme();
  const [width, setWidth] = useState(0);
  const shown = CURVES.filter((name) => tells.segments.some((segment) => segment.curves[name] !== null));
  if (shown.length === 0) {
    return null;
  }
  return (
    <View style={{ gap: space.m }} onLayout={({ nativeEvent }) => setWidth(nativeEvent.layout.width)}>
      <Title level={3}>{t('curves')}</Title>
      {shown.map((name) => {
        const { path, borders } = pathOf(
          tells.segments.map((segment) => segment.curves[name]),
          { width, height: HEIGHT },
        );
        return (
          <View key={name} style={{ gap: space.xs }}>
            <Text variant="tiny" color="dim">
              {t(NAMES[name])}
            </Text>
            <View role="img" aria-label={t('curve_said', { curve: t(NAMES[name]) })}>
              <Svg width={width} height={HEIGHT}>
                {borders.map((x) => (
                  <Line key={x} x1={x} x2={x} y1={0} y2={HEIGHT} stroke={colors.line} strokeWidth={1} />
                ))}
                <Path d={path} stroke={colors.violet} strokeWidth={1.6} fill="none" strokeLinejoin="round" strokeLinecap="round" />
              </Svg>
            </View>
          </View>
        );
      })}
    </View>
  );
}
