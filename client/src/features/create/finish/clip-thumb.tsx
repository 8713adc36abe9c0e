import { useVideoPlayer, VideoView } from 'expo-video';
import { View } from 'react-native';
import { Icon } from '../../../ui/icon.tsx';
import { Pressable } from '../../../ui/pressable.tsx';
import { Text } from '../../../ui/text.tsx';
import { fonts, radius, stage } from '../../../ui/theme.ts';
import { themed } from '../../../ui/theme-provider.tsx';
import { usePlayable } from '../use-playable.ts';

interface Props {
  number: number;
  takeId: string;
  label: string;
  onPress: () => void;
}

/** The first frame of a clip with its number; a tap plays it. */
export function ClipThumb({ number, takeId, label, onPress }: Props) {
  const styles = useStyles();
  const playable = usePlayable(takeId);
  return (
    <Pressable label={label} onPress={onPress} style={styles.thumb}>
      {playable.status === 'ready' ? <FirstFrame uri={playable.uri} /> : null}
      <View style={styles.shade} />
      <View style={styles.badge}>
        <Icon name="play" size={22} color="#ffffff" />
      </View>
      <Text style={styles.number}>{String(number)}</Text>
    </Pressable>
  );
}

function FirstFrame({ uri }: { uri: string }) {
  const styles = useStyles();
  const player = useVideoPlayer({ uri });
  return <VideoView player={player} nativeControls={false} contentFit="cover" style={styles.video} />;
}

const useStyles = themed(() => ({
  thumb: {
    width: 84,
    height: 124,
    borderRadius: radius.medium,
    overflow: 'hidden',
    backgroundColor: stage.mid,
    alignItems: 'center',
    justifyContent: 'center',
  },
  video: { position: 'absolute', top: 0, left: 0, width: '100%', height: '100%' },
  shade: { position: 'absolute', top: 0, right: 0, bottom: 0, left: 0, backgroundColor: 'rgba(13, 10, 26, 0.28)' },
  badge: {
    width: 44,
    height: 44,
    borderRadius: 22,
    backgroundColor: 'rgba(13, 10, 26, 0.6)',
    alignItems: 'center',
    justifyContent: 'center',
  },
  number: {
    position: 'absolute',
    top: 6,
    start: 10,
    fontFamily: fonts.heavy,
    fontSize: 18,
    lineHeight: 24,
    color: '#ffffff',
    textShadowColor: 'rgba(13, 10, 26, 0.8)',
    textShadowRadius: 8,
    textShadowOffset: { width: 0, height: 1 },
  },
}));
