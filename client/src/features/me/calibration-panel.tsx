import type { MyStats } from '@2t1l/contract/players';
import { useState } from 'react';
import { View } from 'react-native';
import Svg, { Circle, G, Line } from 'react-native-svg';
import { formatNumber, formatPercent } from '../../lib/format.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { radius, space } from '../../ui/theme.ts';
import { themed, useTheme } from '../../ui/theme-provider.tsx';
import { plotPoints, plotScale } from './calibration-plot.ts';
import { useText } from './texts.ts';
import { useMyStats } from './use-me.ts';

type Calibration = NonNullable<MyStats['calibration']>;
type Rate = MyStats['caught'];

const HEIGHT = 190;
const GRID = [0.25, 0.5, 0.75];

/** How often I am right, how often I fool others, and whether my sureness means something: never without an interval. */
export function StatsPanel() {
  const t = useText();
  const common = useCommonText();
  const { data, error, refetch, isFetching } = useMyStats();
  return (
    <Panel style={{ gap: space.m }}>
      <Title level={2}>{t('stats')}</Title>
      {data !== undefined ? (
        <Stats {...data} />
      ) : error ? (
        <>
          <Text role="alert">{errorText(error)}</Text>
          <Button kind="secondary" title={common('retry')} busy={isFetching} onPress={() => void refetch()} />
        </>
      ) : (
        <View aria-busy aria-label={common('loading')} style={{ gap: space.m }}>
          <Skeleton height={44} />
          <Skeleton height={HEIGHT} />
        </View>
      )}
    </Panel>
  );
}

function Stats({ caught, fooled, calibration, needed }: MyStats) {
  const t = useText();
  const few = t('stats_few', { count: caught.of, needed });
  return (
    <>
      <RateRow title={t('stat_caught')} rate={caught} tone="truth" />
      <RateRow title={t('stat_fooled')} rate={fooled} tone="lie" />
      <Title level={3} style={{ marginTop: space.s }}>
        {t('calibration')}
      </Title>
      {calibration === null ? (
        <>
          <Text>{few}</Text>
          <ProgressBar value={caught.of / needed} label={few} tone="gold" />
        </>
      ) : (
        <Plot {...calibration} />
      )}
    </>
  );
}

function RateRow({ title, rate, tone }: { title: string; rate: Rate; tone: 'truth' | 'lie' }) {
  const styles = useStyles();
  const t = useText();
  const { share, interval, hits, of } = rate;
  if (share === null || interval === null) {
    return (
      <View style={styles.line}>
        <Text style={styles.grow}>{title}</Text>
        <Text variant="small" color="dim">
          {t('rate_none')}
        </Text>
      </View>
    );
  }
  const [low, high] = interval;
  const words = t('rate_interval', { low: formatPercent(low), high: formatPercent(high), hits: formatNumber(hits), count: of });
  return (
    <View style={{ gap: space.xs }}>
      <View style={styles.line}>
        <Text style={styles.grow}>{title}</Text>
        <Text variant="heading">{formatPercent(share)}</Text>
      </View>
      <View aria-hidden style={styles.track}>
        <View style={[styles.band, styles[tone], { left: `${low * 100}%`, width: `${(high - low) * 100}%` }]} />
        <View style={[styles.mark, { left: `${share * 100}%` }]} />
      </View>
      <Text variant="tiny" color="dim">
        {words}
      </Text>
    </View>
  );
}

function Plot({ bins, verdict, share, mean_confidence }: Calibration) {
  const styles = useStyles();
  const { colors } = useTheme();
  const t = useText();
  const [width, setWidth] = useState(0);
  const size = { width, height: HEIGHT };
  const { x, y } = plotScale(size);
  const said = t(`verdict_${verdict}`, { said: formatPercent(mean_confidence), right: formatPercent(share) });
  return (
    <>
      <Text>{said}</Text>
      <View style={styles.plot}>
        <View aria-hidden style={styles.axis}>
          {['100', '50', '0'].map((percent) => (
            <Text key={percent} variant="tiny" color="dim" align="right">
              {percent}
            </Text>
          ))}
        </View>
        <View
          role="img"
          aria-label={t('calibration_said')}
          style={styles.canvas}
          onLayout={({ nativeEvent }) => setWidth(nativeEvent.layout.width)}
        >
          <Svg width={width} height={HEIGHT} style={styles.drawing}>
            {GRID.map((share_line) => (
              <Line key={share_line} x1={0} x2={width} y1={y(share_line)} y2={y(share_line)} stroke={colors.line} strokeWidth={1} />
            ))}
            <Line x1={x(0.25)} y1={y(0.25)} x2={x(1)} y2={y(1)} stroke={colors.dim} strokeWidth={1.5} strokeDasharray="4 6" />
            {(width > 0 ? plotPoints(bins, size) : []).map((point, index) => (
              <G key={bins[index]?.from}>
                <Line
                  x1={point.x}
                  x2={point.x}
                  y1={point.top}
                  y2={point.bottom}
                  stroke={colors.violet}
                  strokeWidth={3}
                  strokeLinecap="round"
                />
                <Circle cx={point.x} cy={point.y} r={point.radius} fill={colors.gold} stroke={colors.panel} strokeWidth={2} />
              </G>
            ))}
          </Svg>
        </View>
      </View>
      <Text variant="tiny" color="dim" align="center" aria-hidden>
        {t('calibration_axes')}
      </Text>
      <BinTable bins={bins} />
    </>
  );
}

/** The same numbers to read. */
function BinTable({ bins }: Pick<Calibration, 'bins'>) {
  const styles = useStyles();
  const t = useText();
  const rows = bins.map((bin) => [
    t('bin', { from: formatPercent(bin.from), to: formatPercent(bin.to) }),
    t('bin_right', { correct: formatNumber(bin.correct), guesses: formatNumber(bin.guesses) }),
    t('bin_interval', { low: formatPercent(bin.interval[0]), high: formatPercent(bin.interval[1]) }),
  ]);
  const heads = [t('bin_head_sure'), t('bin_head_right'), t('bin_head_interval')];
  return (
    <View role="table" aria-label={t('calibration')} style={styles.table}>
      <View role="row" style={styles.row}>
        {heads.map((head) => (
          <Text key={head} role="columnheader" variant="tiny" color="dim" style={styles.cell}>
            {head}
          </Text>
        ))}
      </View>
      {rows.map((cells) => (
        <View key={cells[0]} role="row" style={styles.row}>
          {cells.map((cell) => (
            <Text key={cell} role="cell" variant="small" style={styles.cell}>
              {cell}
            </Text>
          ))}
        </View>
      ))}
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  line: { flexDirection: 'row', alignItems: 'center', gap: space.s },
  grow: { flex: 1 },
  // Scales grow to the right in every script.
  track: { direction: 'ltr', height: 14, justifyContent: 'center', borderRadius: radius.round, backgroundColor: colors.track },
  band: { position: 'absolute', top: 0, bottom: 0, minWidth: 4, borderRadius: radius.round, opacity: 0.55 },
  truth: { backgroundColor: colors.truth },
  lie: { backgroundColor: colors.lie },
  mark: { position: 'absolute', top: -2, bottom: -2, width: 4, marginLeft: -2, borderRadius: 2, backgroundColor: colors.text },
  plot: { direction: 'ltr', flexDirection: 'row', gap: space.s },
  axis: { width: 26, justifyContent: 'space-between', height: HEIGHT, marginVertical: -8 },
  // A dot at 100 % is drawn whole.
  drawing: { overflow: 'visible' },
  canvas: { flex: 1, height: HEIGHT, borderLeftWidth: 1, borderBottomWidth: 1, borderColor: colors.line },
  table: { marginTop: space.xs },
  row: { flexDirection: 'row', gap: space.s, paddingVertical: space.xs + 1, borderBottomWidth: 1, borderColor: colors.line },
  cell: { flex: 1, fontVariant: ['tabular-nums'] },
}));
