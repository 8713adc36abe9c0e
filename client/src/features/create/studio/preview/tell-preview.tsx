import { EMOTIONS, type FaceFrame, SURE_CONFIDENCE } from '@2t1l/analysis/face/types';
import { View } from 'react-native';
import { Pressable } from '../../../../ui/pressable.tsx';
import { Text } from '../../../../ui/text.tsx';
import { radius, space, TARGET } from '../../../../ui/theme.ts';
import { themed } from '../../../../ui/theme-provider.tsx';
import type { StudioRecorder } from '../use-recorder.ts';
import type { Blinks, PreviewReading, PreviewWish } from './preview.types.ts';
import { usePreviewText } from './preview-texts.ts';
import { isPreviewAvailable, useTellPreview } from './use-tell-preview';

interface Props {
  recorder: StudioRecorder['recorder'];
  wish: PreviewWish;
  onWish: (wish: PreviewWish) => void;
}

/** A switch, and beside the picture what this device reads from the face right now. Off until it is asked for. */
export function TellPreview({ recorder, wish, onWish }: Props) {
  const t = usePreviewText();
  const styles = useStyles();
  const isOn = wish === 'on';
  const reading = useTellPreview(recorder, isOn, onWish);
  if (!isPreviewAvailable) {
    return null;
  }
  return (
    <View style={[styles.place, !isOn && styles.corner]} pointerEvents="box-none">
      {wish === 'on' || wish === 'off' ? null : (
        <Text variant="tiny" role="status" style={styles.message}>
          {t(wish)}
        </Text>
      )}
      <View style={[styles.card, isOn && styles.wide]}>
        <Pressable role="switch" label={t('title')} checked={isOn} onPress={() => onWish(isOn ? 'off' : 'on')} style={styles.head}>
          <View style={[styles.lamp, isOn && styles.lit]} />
          <View style={{ flexShrink: 1 }}>
            <Text variant="small" style={styles.word}>
              {t('title')}
            </Text>
            {isOn ? <Text variant="tiny">{t('notice')}</Text> : null}
          </View>
        </Pressable>
        {isOn ? <Reading reading={reading} /> : null}
      </View>
    </View>
  );
}

function Reading({ reading }: { reading: PreviewReading }) {
  const t = usePreviewText();
  const styles = useStyles();
  if (reading === null) {
    return <Text variant="tiny">{t('loading')}</Text>;
  }
  const { frame, blinks, per_second } = reading;
  return (
    <View role="img" aria-label={t('said')} style={styles.bars}>
      {frame.status === 'face' ? <Face frame={frame} blinks={blinks} /> : <Text variant="tiny">{t(frame.reason)}</Text>}
      <Text variant="tiny" testID="preview-rate">
        {t('rate', { number: Math.round(per_second) })}
      </Text>
    </View>
  );
}

/** Degrees and openings that fill a bar. */
const TURNED = 40;
const ASIDE = 0.8;
const OPEN = 0.4;

function Face({ frame, blinks }: { frame: Extract<FaceFrame, { status: 'face' }>; blinks: Blinks }) {
  const t = usePreviewText();
  const { emotion, geometry } = frame;
  const { pose, iris, eye_openness } = geometry;
  const likeliest = EMOTIONS.reduce((best, name) => (emotion[name] > emotion[best] ? name : best));
  const looks = emotion.confidence < SURE_CONFIDENCE ? t('unsure') : t(likeliest);
  return (
    <>
      <Bar title={t('expression', { looks })} share={emotion.confidence} />
      <Bar title={t('head')} share={Math.hypot(pose.yaw, pose.pitch) / TURNED} />
      <Bar title={t('gaze')} share={iris === null ? 0 : Math.hypot(iris.x, iris.y) / ASIDE} />
      <Bar title={t('eyes')} share={eye_openness / OPEN} />
      {blinks.status === 'none' ? null : (
        <Text variant="tiny">
          {blinks.status === 'counted' ? t('blinks', { number: Math.round(blinks.per_minute) }) : t(`blinks_${blinks.status}`)}
        </Text>
      )}
    </>
  );
}

function Bar({ title, share }: { title: string; share: number }) {
  const styles = useStyles();
  return (
    <View style={styles.signal}>
      <Text variant="tiny">{title}</Text>
      <View style={styles.track}>
        <View style={[styles.bar, { width: `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%` }]} />
      </View>
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  place: { gap: space.s, alignItems: 'flex-start' },
  // The switch alone stands beside the face; what it opens has a place of its own.
  corner: { position: 'absolute', left: 0, right: 0, bottom: 0 },
  card: { paddingHorizontal: space.m, borderRadius: radius.large, backgroundColor: colors.scrim },
  wide: { alignSelf: 'stretch', paddingBottom: space.s },
  message: { padding: space.m, borderRadius: radius.medium, backgroundColor: colors.scrim },
  head: { minHeight: TARGET, flexDirection: 'row', alignItems: 'center', gap: space.s },
  lamp: { width: 12, height: 12, borderRadius: 6, borderWidth: 2, borderColor: colors.dim },
  lit: { backgroundColor: colors.gold, borderColor: colors.gold },
  word: { fontWeight: '600' },
  bars: { flexDirection: 'row', flexWrap: 'wrap', columnGap: space.m, rowGap: space.xs },
  signal: { flexGrow: 1, flexBasis: '40%' },
  track: { height: 6, borderRadius: radius.round, backgroundColor: colors.track, overflow: 'hidden' },
  bar: { height: '100%', borderRadius: radius.round, backgroundColor: colors.violet },
}));
