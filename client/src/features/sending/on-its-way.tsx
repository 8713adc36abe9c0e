import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { useRouter } from 'expo-router';
import { View } from 'react-native';
import { challengeActions } from '../../lib/sending/challenge-slice.ts';
import { type Draft, isOpenForTakes } from '../../lib/sending/draft.ts';
import { serverNow } from '../../lib/server-clock.ts';
import { useAppDispatch, useAppSelector } from '../../lib/store/store.ts';
import { undoShown } from '../../lib/store/ui-slice.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useSettled } from '../../ui/use-settled.ts';
import { ClipPanel } from './clip-panel.tsx';
import { StepPanel } from './step-panel.tsx';
import { useText } from './texts.ts';

/** Three clips, one step after the other; nothing here needs to stay open. */
export function OnItsWay({ draft }: { draft: Draft }) {
  const t = useText();
  const router = useRouter();
  const dispatch = useAppDispatch();
  const isOnline = useAppSelector((state) => state.challenge.is_online);
  const leave = () => (router.canGoBack() ? router.back() : router.replace('/'));
  const record = (index: SegmentIndex) => router.push(`/create?draft=${draft.id}&statement=${index + 1}`);
  const withdraw = () => {
    dispatch(challengeActions.publishWithdrawn({ id: draft.id }));
    router.dismissTo(`/create?draft=${draft.id}`);
  };
  const discard = () => {
    dispatch(challengeActions.draftDeleted({ id: draft.id, now_ms: serverNow() }));
    dispatch(undoShown(t('discarded'), challengeActions.draftRestored({ id: draft.id, now_ms: serverNow() })));
    leave();
  };
  // Where "Publish" was a moment ago.
  const isSettled = useSettled();
  const canChange = isSettled && draft.publishing.status === 'requested' && isOpenForTakes(draft);
  return (
    <Screen {...(canChange ? { footer: <Button kind="ghost" icon="edit" title={t('withdraw')} onPress={withdraw} /> } : {})}>
      <View style={{ flexDirection: 'row', alignItems: 'flex-start', gap: space.m }}>
        <View style={{ flex: 1, gap: space.xs }}>
          <Title>{t('title')}</Title>
          <Text color="dim" role="status">
            {isOnline ? t('lead') : t('lead_offline')}
          </Text>
        </View>
        <IconButton icon="close" label={t('close')} onPress={leave} />
      </View>
      <StepPanel draft={draft} />
      {SEGMENT_INDEXES.map((index) => (
        <ClipPanel key={index} draft={draft} index={index} onRecord={() => record(index)} />
      ))}
      {isOpenForTakes(draft) ? <Button kind="ghost" icon="trash" title={t('discard')} onPress={discard} /> : null}
    </Screen>
  );
}
