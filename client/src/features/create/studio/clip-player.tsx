import { useEvent } from 'expo';
import { useVideoPlayer, VideoView } from 'expo-video';
import { useEffect } from 'react';
import { StyleSheet, View } from 'react-native';
import { mayAutoplay } from '../../../lib/autoplay';
import { Icon } from '../../../ui/icon.tsx';
import { Pressable } from '../../../ui/pressable.tsx';
import { themed } from '../../../ui/theme-provider.tsx';
import { useText } from '../texts.ts';

interface Props {
  uri: string;
  number: number;
}

/** Plays a take in a loop; a tap anywhere pauses and goes on. */
export function ClipPlayer({ uri, number }: Props) {
  const t = useText();
  const styles = useStyles();
  const player = useVideoPlayer({ uri });
  const { isPlaying } = useEvent(player, 'playingChange', { isPlaying: player.playing });
  useEffect(() => {
    player.loop = true;
    if (mayAutoplay()) {
      player.play();
    }
  }, [player]);
  const toggle = () => (isPlaying ? player.pause() : player.play());
  return (
    <Pressable label={t(isPlaying ? 'playback_pause' : 'playback_play', { number })} onPress={toggle} style={StyleSheet.absoluteFill}>
      <VideoView player={player} nativeControls={false} contentFit="cover" style={styles.video} />
      {isPlaying ? null : (
        <View pointerEvents="none" style={styles.center}>
          <View style={styles.badge}>
            <Icon name="play" size={38} />
          </View>
        </View>
      )}
    </Pressable>
  );
}

const useStyles = themed(({ colors }) => ({
  // A web video is as large as its file unless it is told otherwise.
  video: { position: 'absolute', top: 0, left: 0, width: '100%', height: '100%' },
  center: { position: 'absolute', top: 0, right: 0, bottom: 0, left: 0, alignItems: 'center', justifyContent: 'center' },
  badge: { width: 84, height: 84, borderRadius: 42, backgroundColor: colors.scrim, alignItems: 'center', justifyContent: 'center' },
}));
