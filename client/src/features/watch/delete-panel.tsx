import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { useState } from 'react';
import { codeOf } from '../../lib/api/problem.ts';
import { api } from '../../lib/api.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { meKey } from '../../lib/query-keys.ts';
import { useAppDispatch } from '../../lib/store/store.ts';
import { infoShown } from '../../lib/store/ui-slice.ts';
import { Button } from '../../ui/button.tsx';
import { Question } from '../../ui/question.tsx';
import { useText } from './texts.ts';

interface Props {
  challengeId: string;
  /** The question is laid out. */
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
    <Question
      title={t('delete_title')}
      body={t('delete_body')}
      confirm={t('delete_confirm')}
      cancel={common('cancel')}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onCancel={() => setAsking(false)}
      onAsked={onAsked}
    />
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
