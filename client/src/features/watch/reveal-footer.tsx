import type { Challenge } from '@2t1l/contract/schemas';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { View } from 'react-native';
import { api } from '../../lib/api.ts';
import { pageUrl } from '../../lib/base-url.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { shareLink } from '../../lib/share';
import { useAppDispatch } from '../../lib/store/store.ts';
import { infoShown } from '../../lib/store/ui-slice.ts';
import { Button } from '../../ui/button.tsx';
import { space } from '../../ui/theme.ts';
import { useText } from './texts.ts';

/** Onward: to the next challenge, or to a friend with this one. */
export function RevealFooter({ challenge }: { challenge: Challenge }) {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  const dispatch = useAppDispatch();
  const next = useMutation({
    mutationFn: async () => {
      const page = await api.feed({ query: { limit: 2 } });
      return page.items.find((item) => item.id !== challenge.id)?.id ?? null;
    },
    // Without another challenge the feed says what to do.
    onSuccess: (id) => (id ? router.replace(`/c/${id}`) : router.replace('/')),
  });
  const share = async () => {
    const url = pageUrl(`/c/${challenge.id}`);
    const outcome = await shareLink(t('share_title'), url);
    if (outcome === 'copied') {
      dispatch(infoShown(common('copied')));
    } else if (outcome === 'failed') {
      dispatch(infoShown(url));
    }
  };
  return (
    <View style={{ flexDirection: 'row', gap: space.s }}>
      <Button title={t('next')} onPress={() => next.mutate()} busy={next.isPending} testID="next-challenge" style={{ flex: 2 }} />
      <Button kind="secondary" icon="share" title={t('share')} onPress={() => void share()} style={{ flex: 1 }} />
    </View>
  );
}
