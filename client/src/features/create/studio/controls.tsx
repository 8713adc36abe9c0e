import { View } from 'react-native';
import Svg, { Circle } from 'react-native-svg';
import { formatClock } from '../../../lib/format.ts';
import type { RecorderState } from '../../../lib/recorder/recorder.types.ts';
import { isTaking } from '../../../lib/recorder/recorder-state.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Pressable } from '../../../ui/pressable.tsx';
import { Text } from '../../../ui/text.tsx';
import { fonts, space } from '../../../ui/theme.ts';
import { themed, useTheme } from '../../../ui/theme-provider.tsx';
import { useText } from '../texts.ts';

const SIZE = 92;
const STROKE = 7;
const LENGTH = Math.PI * (SIZE - STROKE);

interface Props {
  number: number;
  state: RecorderState;
  isCounting: boolean;
  limitSeconds: number;
  onToggle: () => void;
  onPause: () => void;
  onSwitch: () => void;
}

/** Switch camera, the big button in its ring of sixty seconds, pause; the clock below. */
export function Controls({ number, state, isCounting, limitSeconds, onToggle, onPause, onSwitch }: Props) {
  const t = useText();
  const styles = useStyles();
  const isRunning = isTaking(state);
  const canPause = (state.status === 'recording' || state.status === 'paused') && state.camera.can_pause;
  const canSwitch = state.status === 'live' && state.camera.can_switch && !isCounting;
  const elapsed = isRunning ? state.elapsed_seconds : 0;
  const label = isRunning ? t('stop') : isCounting ? t('cancel_countdown') : t('record', { number });
  return (
    <View style={styles.box}>
      <View style={styles.row}>
        <IconButton icon="flip" label={t('switch_camera')} disabled={!canSwitch} onPress={onSwitch} style={styles.side} />
        <Pressable
          label={label}
          hint={t('keys')}
          disabled={!isRunning && state.status !== 'live'}
          busy={state.status === 'finishing'}
          onPress={onToggle}
          testID="record"
          style={styles.record}
        >
          <Ring share={elapsed / limitSeconds} />
          <View style={[styles.core, (isRunning || isCounting) && styles.square, !isRunning && state.status !== 'live' && styles.asleep]} />
        </Pressable>
        <IconButton
          icon={state.status === 'paused' ? 'play' : 'pause'}
          label={state.status === 'paused' ? t('resume') : t('pause')}
          disabled={!canPause}
          onPress={onPause}
          style={styles.side}
        />
      </View>
      <Text align="center" style={styles.clock}>
        {formatClock(elapsed)}
        <Text color="dim" style={styles.limit}>{` / ${formatClock(limitSeconds)}`}</Text>
      </Text>
    </View>
  );
}

function Ring({ share }: { share: number }) {
  const { colors } = useTheme();
  const circle = { cx: SIZE / 2, cy: SIZE / 2, r: (SIZE - STROKE) / 2, strokeWidth: STROKE, fill: 'none' };
  return (
    <Svg width={SIZE} height={SIZE} style={{ position: 'absolute' }} aria-hidden>
      <Circle {...circle} stroke="rgba(246, 242, 255, 0.28)" />
      <Circle
        {...circle}
        stroke={colors.lie}
        strokeLinecap="round"
        strokeDasharray={`${LENGTH} ${LENGTH}`}
        strokeDashoffset={LENGTH * (1 - share)}
        opacity={share > 0 ? 1 : 0}
        transform={`rotate(-90 ${SIZE / 2} ${SIZE / 2})`}
      />
    </Svg>
  );
}

const useStyles = themed(({ colors }) => ({
  box: { gap: space.xs },
  row: { flexDirection: 'row', alignItems: 'center', justifyContent: 'space-evenly' },
  side: { width: 54, height: 54 },
  record: { width: SIZE, height: SIZE, alignItems: 'center', justifyContent: 'center' },
  core: {
    width: 64,
    height: 64,
    borderRadius: 32,
    backgroundColor: colors.lie,
    boxShadow: '0 0 26px rgba(255, 107, 74, 0.55)',
  },
  square: { width: 36, height: 36, borderRadius: 11 },
  asleep: { opacity: 0.35 },
  clock: { fontFamily: fonts.display, fontSize: 15, lineHeight: 22, fontVariant: ['tabular-nums'] },
  limit: { fontFamily: fonts.display, fontSize: 15 },
}));
