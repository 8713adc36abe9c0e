import type { UnknownAction } from '@reduxjs/toolkit';
import { useCallback, useEffect } from 'react';
import { StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useCommonText } from '../../lib/i18n/common.ts';
import { problemText } from '../../lib/i18n/problems.ts';
import { UNDO_MS } from '../../lib/sending/draft.ts';
import { useSendingText } from '../../lib/sending/texts.ts';
import { useAppDispatch, useAppSelector } from '../../lib/store/store.ts';
import { type ToastMessage, toastClosed } from '../../lib/store/ui-slice.ts';
import { COLUMN, space } from '../../ui/theme.ts';
import { Toast } from '../../ui/toast.tsx';
import { UpdateToast } from './update-toast.tsx';

/** The offline banner's two lines; the toasts leave them readable. */
const BANNER_HEIGHT = 48;

/** The toasts, over every screen, near the top where no thumb works. */
export function Toasts() {
  const toasts = useAppSelector((state) => state.ui.toasts);
  const hasBanner = useAppSelector(({ ui }) => !ui.online || ui.server === 'silent');
  const { top } = useSafeAreaInsets();
  return (
    <View pointerEvents="box-none" style={[styles.place, { top: top + space.l + (hasBanner ? BANNER_HEIGHT : 0) }]}>
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
      <UpdateToast />
    </View>
  );
}

function OneToast({ toast }: { toast: ToastMessage }) {
  const t = useCommonText();
  const sending = useSendingText();
  const dispatch = useAppDispatch();
  const close = useCallback(() => dispatch(toastClosed(toast.id)), [dispatch, toast.id]);
  const isProblem = toast.kind === 'problem';
  const undo = toast.kind === 'undo' ? toast.undo : null;
  useEffect(() => {
    if (undo === null) {
      return;
    }
    const timer = setTimeout(close, UNDO_MS);
    return () => clearTimeout(timer);
  }, [undo, close]);
  const takeBack = (action: UnknownAction) => {
    dispatch(action);
    close();
  };
  return (
    <Toast
      text={isProblem ? problemText(toast.code) : toast.text}
      tone={isProblem ? 'problem' : 'plain'}
      {...(undo === null ? {} : { action: { title: sending('undo'), onPress: () => takeBack(undo) } })}
      closeLabel={t('close')}
      onClose={close}
    />
  );
}

const styles = StyleSheet.create({
  place: { position: 'absolute', left: space.l, right: space.l, gap: space.s, maxWidth: COLUMN, marginHorizontal: 'auto' },
});
