import { usePathname } from 'expo-router';
import { useState, useSyncExternalStore } from 'react';
import { appUpdate } from '../../lib/app-update';
import { useCommonText } from '../../lib/i18n/common.ts';
import { type RootState, useAppSelector } from '../../lib/store/store.ts';
import { Toast } from '../../ui/toast.tsx';
import { useText } from './texts.ts';

/** Says that a newer version waits, when nobody is recording and nothing is on its way. */
export function UpdateToast() {
  const t = useText();
  const common = useCommonText();
  const isWaiting = useSyncExternalStore(appUpdate.subscribe, appUpdate.isWaiting, appUpdate.isWaiting);
  const isSending = useAppSelector(isAnythingOnItsWay);
  const isRecording = usePathname() === '/create';
  const [isClosed, setClosed] = useState(false);
  if (!isWaiting || isSending || isRecording || isClosed) {
    return null;
  }
  return (
    <Toast
      text={t('update_ready')}
      action={{ title: t('update_now'), onPress: appUpdate.apply }}
      closeLabel={common('close')}
      onClose={() => setClosed(true)}
    />
  );
}

function isAnythingOnItsWay({ challenge }: RootState): boolean {
  return Object.values(challenge.drafts).some((draft) => draft.clips.some((clip) => clip?.sending.status === 'sending'));
}
