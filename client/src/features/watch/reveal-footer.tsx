import type { Challenge } from '@2t1l/contract/schemas';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { View } from 'react-native';
import { api } from '../../lib/api.ts';
import { useShare } from '../../lib/use-share.ts';
import { Button } from '../../ui/button.tsx';
import { space } from '../../ui/theme.ts';
import { useText } from './texts.ts';

/** Onward: to the next challenge, or to a friend with this one. */
export function RevealFooter({ challenge }: { challenge: Challenge }) {
  const t = useText();
  const router = useRouter();
  const share = useShare();
  const next = useMutation({
    mutationFn: async () => {
      const page = await api.feed({ query: { limit: 2 } });
      return page.items.find((item) => item.id !== challenge.id)?.id ?? null;
    },
    // Without another challenge the feed says what to do.
    onSuccess: (id) => (id ? router.replace(`/c/${id}`) : router.replace('/')),
  });
  return (
    <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space.s }}>
      <Button
        title={t('next')}
        onPress={() => next.mutate()}
        busy={next.isPending}
        testID="next-challenge"
        style={{ flexGrow: 2, flexBasis: 150 }}
      />
      <Button
        kind="secondary"
        icon="share"
        title={t('share')}
        onPress={() => void share(t('share_title'), `/c/${challenge.id}`)}
        style={{ flexGrow: 1, flexBasis: 130 }}
      />
    </View>
  );
}
