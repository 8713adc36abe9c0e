import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { useState } from 'react';
import { View } from 'react-native';
import { codeOf } from '../../lib/api/problem.ts';
import { api } from '../../lib/api.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { meKey } from '../../lib/query-keys.ts';
import { useAppDispatch } from '../../lib/store/store.ts';
import { infoShown } from '../../lib/store/ui-slice.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { useText } from './texts.ts';

interface Props {
  challengeId: string;
  /** The question is laid out; it is higher than the button that it stands for. */
  onAsked: () => void;
}

/** The author takes a challenge off the stage: after a question, for what is out cannot be brought back. */
export function DeletePanel({ challengeId, onAsked }: Props) {
  const t = useText();
  const common = useCommonText();
  const [isAsking, setAsking] = useState(false);
  const remove = useDelete(challengeId);
  if (!isAsking) {
    return <Button kind="ghost" icon="trash" title={t('delete')} onPress={() => setAsking(true)} />;
  }
  return (
    <View onLayout={onAsked}>
      <Panel tone="lie">
        <Title level={2}>{t('delete_title')}</Title>
        <Text color="dim">{t('delete_body')}</Text>
        <Button kind="danger" title={t('delete_confirm')} onPress={() => remove.mutate()} busy={remove.isPending} />
        <Button kind="ghost" title={common('cancel')} onPress={() => setAsking(false)} />
      </Panel>
    </View>
  );
}

function useDelete(id: string) {
  const t = useText();
  const router = useRouter();
  const dispatch = useAppDispatch();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      api.deleteChallenge({ params: { id } }).catch((error: unknown) => {
        // An answer that was lost, or another device: it is gone, as was wished.
        if (codeOf(error) !== 'challenge_not_found') {
          throw error;
        }
      }),
    onSuccess: () => {
      router.dismissTo('/me');
      dispatch(infoShown(t('deleted')));
      void queries.invalidateQueries({ queryKey: meKey() });
    },
  });
}
