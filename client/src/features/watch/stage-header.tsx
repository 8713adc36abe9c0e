import type { Challenge } from '@2t1l/contract/schemas';
import { useRouter } from 'expo-router';
import { StyleSheet, useWindowDimensions, View } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { useAppDispatch, useAppSelector } from '../../lib/store/store.ts';
import { captionsSwitched } from '../../lib/store/ui-slice.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Pressable } from '../../ui/pressable.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { NARROW, space, TARGET } from '../../ui/theme.ts';
import { useText } from './texts.ts';
import type { Playback } from './use-playback.ts';

interface Props {
  challenge: Challenge;
  playback: Playback;
  onClose: () => void;
}

/** Who is on stage, and how one watches. */
export function StageHeader({ challenge, playback, onClose }: Props) {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  const { username } = challenge.author;
  const dispatch = useAppDispatch();
  const showsCaptions = useAppSelector((state) => state.ui.captions);
  const isNarrow = useWindowDimensions().width < NARROW;
  const speed = `${playback.speed}×`;
  return (
    <View style={styles.row}>
      <IconButton icon="back" label={common('back')} onPress={onClose} />
      <Pressable role="link" onPress={() => router.push(`/@${encodeURIComponent(username)}`)} style={styles.author}>
        {isNarrow ? null : <Avatar name={username} size={40} />}
        <View style={styles.who}>
          <Title variant="strong">{username}</Title>
          <Text variant="tiny" color={challenge.author.is_house ? 'gold' : 'dim'}>
            {challenge.author.is_house ? t('house') : t('guessed', { count: challenge.guess_count })}
          </Text>
        </View>
      </Pressable>
      <IconButton
        icon="captions"
        label={showsCaptions ? t('captions_off') : t('captions_on')}
        selected={showsCaptions}
        onPress={() => dispatch(captionsSwitched(!showsCaptions))}
      />
      <IconButton mark={speed} label={t('speed', { speed })} onPress={playback.changeSpeed} />
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', gap: space.s, paddingHorizontal: space.l, paddingTop: space.xs },
  author: { flexGrow: 1, flexShrink: 1, flexBasis: 100, minHeight: TARGET, flexDirection: 'row', alignItems: 'center', gap: space.s },
  who: { flex: 1, minWidth: 0 },
});
