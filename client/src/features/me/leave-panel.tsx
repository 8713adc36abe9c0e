import { useState } from 'react';
import { useCommonText } from '../../lib/i18n/common.ts';
import { Button } from '../../ui/button.tsx';
import { Question } from '../../ui/question.tsx';
import { useText } from './texts.ts';
import { useLogOut } from './use-me.ts';

interface Props {
  isGuest: boolean;
  /** The question is laid out, for a guest. */
  onAsked: () => void;
}

/** The way out. A guest hears first what it costs. */
export function LeavePanel({ isGuest, onAsked }: Props) {
  const t = useText();
  const common = useCommonText();
  const leave = useLogOut();
  const [isAsking, setAsking] = useState(false);
  if (isGuest && isAsking) {
    return (
      <Question
        title={t('logout_guest_title')}
        body={t('logout_guest_body')}
        confirm={t('logout_confirm')}
        cancel={common('cancel')}
        isBusy={leave.isPending}
        onConfirm={() => leave.mutate()}
        onCancel={() => setAsking(false)}
        onAsked={onAsked}
      />
    );
  }
  return (
    <Button kind="secondary" title={t('logout')} onPress={() => (isGuest ? setAsking(true) : leave.mutate())} busy={leave.isPending} />
  );
}
