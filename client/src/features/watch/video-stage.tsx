import type { Challenge } from '@2t1l/contract/schemas';
import { CANVAS_HEIGHT, CANVAS_WIDTH } from '@2t1l/game/limits';
import { LinearGradient } from 'expo-linear-gradient';
import { VideoView } from 'expo-video';
import { ActivityIndicator, StyleSheet, useWindowDimensions, View } from 'react-native';
import { absoluteUrl } from '../../lib/base-url.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Picture } from '../../ui/picture';
import { Pressable } from '../../ui/pressable.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { Text } from '../../ui/text.tsx';
import { NARROW, palettes, radius, space, stage, TARGET } from '../../ui/theme.ts';
import { ThemeScope } from '../../ui/theme-provider.tsx';
import { SegmentBars } from './segment-bars.tsx';
import { segmentAt } from './segments.ts';
import { StageHeader } from './stage-header.tsx';
import { useText } from './texts.ts';
import type { Film } from './use-film.ts';

interface Props {
  challenge: Challenge;
  film: Film;
  onClose: () => void;
}

/** The film on its stage, with everything that lies over it. */
export function VideoStage({ challenge, film, onClose }: Props) {
  const t = useText();
  const showsCaptions = useAppSelector((state) => state.ui.captions);
  const isOnline = useAppSelector((state) => state.ui.online);
  const isNarrow = useWindowDimensions().width < NARROW;
  const statement = challenge.statements[segmentAt(challenge.segments, film.seconds)];
  // The poster stays until there is a picture to take its place.
  const isFresh = film.seconds === 0;
  return (
    <ThemeScope scheme="dark">
      <View style={[styles.stage, isNarrow && styles.high]}>
        <Spotlight />
        <VideoView player={film.player} style={styles.film} contentFit="cover" nativeControls={false} playsInline />
        {isFresh && challenge.poster_url ? <Picture source={absoluteUrl(challenge.poster_url)} style={styles.film} /> : null}
        <LinearGradient
          pointerEvents="none"
          colors={['rgba(13,10,26,0.75)', 'rgba(13,10,26,0)', 'rgba(13,10,26,0)', 'rgba(13,10,26,0.8)', stage.floor]}
          locations={[0, 0.26, 0.55, 0.86, 1]}
          style={StyleSheet.absoluteFill}
        />
        <Pressable label={film.isPlaying ? t('pause') : film.isEnded ? t('replay') : t('play')} onPress={film.toggle} style={styles.tap}>
          {film.waiting !== 'no' && !film.isFailed ? (
            <Waiting isSlow={film.waiting === 'slow'} />
          ) : film.isPlaying || film.isFailed ? null : (
            <View style={styles.big}>
              <Icon name={film.isEnded ? 'replay' : 'play'} size={38} color={palettes.dark.onAction} />
            </View>
          )}
        </Pressable>
        <View style={styles.over} pointerEvents="box-none">
          <SegmentBars segments={challenge.segments} seconds={film.seconds} onJump={film.jump} />
          <StageHeader challenge={challenge} playback={film} onClose={onClose} />
          {film.isMuted && film.isPlaying ? (
            <Pressable label={t('sound_on')} onPress={film.toggleSound} style={styles.sound}>
              <Icon name="muted" size={20} color={palettes.dark.onGold} />
              <Text variant="strong" color="onGold">
                {t('sound_on')}
              </Text>
            </Pressable>
          ) : null}
        </View>
        {film.isFailed ? (
          <View role="alert" style={styles.failed}>
            <Text variant="strong" align="center">
              {isOnline ? t('video_failed') : t('video_offline')}
            </Text>
            <Button kind="secondary" icon="replay" title={t('video_retry')} onPress={film.retry} />
          </View>
        ) : null}
        {showsCaptions && statement ? (
          <View style={styles.caption} pointerEvents="none">
            <Text variant="quote" style={styles.quote}>
              {`“${statement}”`}
            </Text>
          </View>
        ) : null}
      </View>
    </ThemeScope>
  );
}

/** The film waits for bytes. */
function Waiting({ isSlow }: { isSlow: boolean }) {
  const t = useText();
  return (
    <View role="status" aria-live="polite" style={styles.waiting}>
      <ActivityIndicator size="large" color={palettes.dark.text} accessibilityLabel={t('video_waiting')} />
      {isSlow ? (
        <Text variant="small" align="center">
          {t('video_slow')}
        </Text>
      ) : null}
    </View>
  );
}

const styles = StyleSheet.create({
  stage: { flex: 1, minHeight: 360, overflow: 'hidden', backgroundColor: stage.floor },
  // The header takes more lines there.
  high: { minHeight: 440 },
  // As wide as the stage and hung at its top: where the stage is lower than the film, the feet are cut, not the head.
  film: { position: 'absolute', top: 0, left: 0, width: '100%', aspectRatio: CANVAS_WIDTH / CANVAS_HEIGHT, minHeight: '100%' },
  tap: { ...StyleSheet.absoluteFill, alignItems: 'center', justifyContent: 'center' },
  big: {
    width: 84,
    height: 84,
    borderRadius: 42,
    backgroundColor: palettes.dark.action,
    alignItems: 'center',
    justifyContent: 'center',
    boxShadow: '0 0 40px rgba(156, 131, 245, 0.7)',
  },
  waiting: { alignItems: 'center', gap: space.m, padding: space.l, maxWidth: 280 },
  sound: {
    alignSelf: 'center',
    flexDirection: 'row',
    alignItems: 'center',
    gap: space.s,
    minHeight: TARGET,
    marginTop: space.m,
    paddingHorizontal: space.l,
    borderRadius: radius.round,
    backgroundColor: palettes.dark.gold,
  },
  over: { position: 'absolute', top: 0, left: 0, right: 0 },
  failed: {
    position: 'absolute',
    left: space.l,
    right: space.l,
    top: '40%',
    alignItems: 'center',
    gap: space.m,
    padding: space.l,
    borderRadius: radius.large,
    backgroundColor: 'rgba(13, 10, 26, 0.85)',
  },
  caption: { position: 'absolute', left: space.l, right: space.l, bottom: space.m },
  quote: { textShadowColor: 'rgba(0, 0, 0, 0.85)', textShadowRadius: 12, textShadowOffset: { width: 0, height: 1 } },
});
