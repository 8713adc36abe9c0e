import type { SegmentIndex } from '@2t1l/game/challenge';
import { STORY_MAX, TITLE_MAX } from '@2t1l/game/limits';
import { useRouter } from 'expo-router';
import { useRef, useState } from 'react';
import { type ScrollView, View } from 'react-native';
import { useReducedMotion } from 'react-native-reanimated';
import { useCommonText } from '../../../lib/i18n/common.ts';
import { problemText } from '../../../lib/i18n/problems.ts';
import { challengeActions } from '../../../lib/sending/challenge-slice.ts';
import { type Draft, type DraftText, isOpenForTakes } from '../../../lib/sending/draft.ts';
import { filledInTitle } from '../../../lib/sending/draft-text.ts';
import { serverNow } from '../../../lib/server-clock.ts';
import { useAppDispatch } from '../../../lib/store/store.ts';
import { undoShown } from '../../../lib/store/ui-slice.ts';
import { useClipTells } from '../../../lib/use-clip-tells.ts';
import { Button } from '../../../ui/button.tsx';
import { Choice } from '../../../ui/choice.tsx';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Screen } from '../../../ui/screen.tsx';
import { Text, Title } from '../../../ui/text.tsx';
import { space } from '../../../ui/theme.ts';
import { useText } from '../texts.ts';
import { ClipCards } from './clip-cards.tsx';
import { ConsentPanel } from './consent-panel.tsx';
import { LiePicker } from './lie-picker.tsx';
import { TellsQuestion } from './tells-question.tsx';
import { TransitionPicker } from './transition-picker.tsx';
import { useConsents } from './use-consents.ts';

interface Props {
  draft: Draft;
  onStudio: (index: SegmentIndex, again: boolean) => void;
}

/** The last words before it goes out: the lie, captions, the story, who may see it. */
export function FinishStage({ draft, onStudio }: Props) {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  const dispatch = useAppDispatch();
  const consents = useConsents(draft.publishing.status === 'needs' && draft.publishing.problem === 'terms_required');
  const tells = useClipTells(draft.challenge_id);
  const page = useRef<ScrollView>(null);
  const still = useReducedMotion();
  const [wasAsked, setAsked] = useState(false);
  const isLieMissing = wasAsked && draft.lie_index === null;
  const open = isLieMissing ? 'lie_missing' : (consents.errors.terms ?? consents.errors.birth_year);
  // Beside the button: the place that is meant may be screens away.
  const obstacle = open === undefined ? consents.failure : t(open);

  const edit = (text: Partial<DraftText>) => dispatch(challengeActions.draftEdited({ id: draft.id, text, now_ms: serverNow() }));
  const publish = async () => {
    setAsked(true);
    if (draft.lie_index === null) {
      // Its numbers are at the top, the button is seen from everywhere.
      page.current?.scrollTo({ y: 0, animated: !still });
      return;
    }
    if (!(await consents.give())) {
      page.current?.scrollToEnd({ animated: !still });
      return;
    }
    dispatch(challengeActions.publishAsked({ id: draft.id, now_ms: serverNow() }));
    router.dismissTo(`/sending/${draft.id}`);
  };
  const remove = () => {
    dispatch(challengeActions.draftDeleted({ id: draft.id, now_ms: serverNow() }));
    dispatch(undoShown(t('deleted'), challengeActions.draftRestored({ id: draft.id, now_ms: serverNow() })));
    router.replace('/create');
  };
  const leave = () => (router.canGoBack() ? router.back() : router.replace('/'));
  const problem = draft.publishing.status === 'needs' && draft.publishing.problem !== 'terms_required' ? draft.publishing.problem : null;

  return (
    <Screen
      scrollRef={page}
      footer={
        <>
          {obstacle === null ? null : (
            <Text variant="small" color="lie" align="center" role="alert">
              {obstacle}
            </Text>
          )}
          <Button title={t('publish')} busy={consents.isGiving} onPress={() => void publish()} testID="publish" />
        </>
      }
    >
      <View style={{ flexDirection: 'row', alignItems: 'flex-start', gap: space.m }}>
        <View style={{ flex: 1, gap: space.xs }}>
          <Title>{t('finish_title')}</Title>
          <Text color="dim">{t('finish_lead')}</Text>
        </View>
        <IconButton icon="close" label={common('close')} onPress={leave} />
      </View>
      {problem === null ? null : (
        <Panel tone="lie">
          <Text role="alert">{problemText(problem)}</Text>
        </Panel>
      )}
      <LiePicker draft={draft} isMissing={isLieMissing} onPick={(lie_index) => edit({ lie_index })} />
      <ClipCards draft={draft} tells={tells} onEdit={edit} onStudio={onStudio} />
      <TransitionPicker value={draft.transition} disabled={!isOpenForTakes(draft)} onChange={(transition) => edit({ transition })} />
      <Field
        label={t('title')}
        help={t('title_help', {
          title: filledInTitle(draft.prompt, new Date(draft.created_at_ms).toISOString()),
        })}
        value={draft.title}
        maxLength={TITLE_MAX}
        onChangeText={(title) => edit({ title })}
      />
      <Field
        label={t('story')}
        help={t('story_help')}
        value={draft.story}
        maxLength={STORY_MAX}
        multiline
        onChangeText={(story) => edit({ story })}
      />
      <Choice
        label={t('audience')}
        value={draft.audience}
        options={[
          { value: 'public', title: t('audience_public') },
          { value: 'link', title: t('audience_link') },
        ]}
        onChange={(audience) => edit({ audience })}
      />
      {consents.areNeeded ? <ConsentPanel consents={consents} /> : <TellsQuestion />}
      <Button kind="ghost" icon="trash" title={t('delete')} onPress={remove} />
    </Screen>
  );
}
