/** Whether this player wants their tells measured: the question, its notice and the answer, wherever it is asked. */
import type { Me } from '@2t1l/contract/schemas';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { useCommonText } from './i18n/common.ts';
import { defineTexts } from './i18n/i18n.ts';
import { errorText } from './i18n/problems.ts';
import { analysesKey, meKey, myTellsKey } from './query-keys.ts';
import { useMe } from './use-me.ts';

/** The words of the question; the same wherever it is asked. */
export const { useText: useConsentText } = defineTexts('tells-consent', {
  en: {
    measure: 'Measure my tells',
    measure_clip: 'Measure tells of statement {{number}}',
    // What, who, and who decides: a paragraph each.
    notice:
      'Tells are what your face and voice do differently in one statement than in your other two: pitch, pauses, pace, head, gaze, expression. It is no lie detector.\n\nYou see them at once. Others only after their guess.\n\nOff unless you turn it on, which also measures drafts, and challenges up to a day after publishing. Off again at any time: everything measured is deleted then. No face template and no voiceprint is kept.',
    off_title: 'Turn off and delete?',
    off_body: 'Everything that was measured in any of your clips is deleted, here and for those who have guessed. Your challenges stay.',
    off_confirm: 'Turn off and delete',
    clip_off_body:
      'What was measured in statement {{number}} is deleted, here and for those who have guessed. It can be measured again only until a day after publishing: its file is not kept longer.',
    clip_gone: 'Its file is not kept any more, so nothing can be measured in it.',
  },
  de: {
    measure: 'Meine Zeichen messen',
    measure_clip: 'Zeichen von Aussage {{number}} messen',
    notice:
      'Zeichen sind, was Gesicht und Stimme in einer Aussage anders machen als in deinen anderen beiden: Tonhöhe, Pausen, Tempo, Kopf, Blick, Ausdruck. Es ist kein Lügendetektor.\n\nDu siehst sie sofort. Andere erst nach ihrem Tipp.\n\nAus, solange du es nicht einschaltest; dann werden auch Entwürfe gemessen, und Runden bis einen Tag nach dem Veröffentlichen. Jederzeit wieder aus: Dann wird alles Gemessene gelöscht. Weder Gesichtsvorlage noch Stimmabdruck wird behalten.',
    off_title: 'Ausschalten und löschen?',
    off_body: 'Alles, was in deinen Clips gemessen wurde, wird gelöscht, hier und für alle, die schon getippt haben. Deine Runden bleiben.',
    off_confirm: 'Ausschalten und löschen',
    clip_off_body:
      'Was in Aussage {{number}} gemessen wurde, wird gelöscht, hier und für alle, die schon getippt haben. Neu messen lässt sie sich nur bis einen Tag nach dem Veröffentlichen: Länger wird ihre Datei nicht aufgehoben.',
    clip_gone: 'Ihre Datei ist nicht mehr da, deshalb lässt sich darin nichts messen.',
  },
});

/** Under way while the server has not answered to the consent. */
export const consentMutation = ['tells-consent'] as const;

/** What the switch of the consent needs: `ConfirmedSwitch` takes it as it is. */
interface ConsentSwitch {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  error?: string;
  off: { title: string; body: string; confirm: string; cancel: string };
}

/** The consent as a switch; null until it is known. It shows at once and takes itself back where the server refuses; off clears what this device has read of tells. */
export function useTellsConsent(): ConsentSwitch | null {
  const t = useConsentText();
  const common = useCommonText();
  const me = useMe();
  const queries = useQueryClient();
  const show = (tells: boolean) =>
    queries.setQueryData<Me>(meKey(), (known) => known && { ...known, consents: { ...known.consents, tells } });
  const { mutate, error } = useMutation({
    mutationFn: (tells: boolean) => api.putConsents({ body: { tells } }),
    mutationKey: consentMutation,
    // One answer after the other: the last one counts.
    scope: { id: 'tells-consent' },
    meta: { silent: true },
    onMutate: async (tells) => {
      await queries.cancelQueries({ queryKey: meKey(), exact: true });
      show(tells);
    },
    onError: (_error, tells) => show(!tells),
    onSuccess: () => {
      void queries.resetQueries({ queryKey: analysesKey() });
      void queries.resetQueries({ queryKey: myTellsKey() });
    },
  });
  const isOn = me.data?.consents.tells;
  if (isOn === undefined) {
    return null;
  }
  const off = { title: t('off_title'), body: t('off_body'), confirm: t('off_confirm'), cancel: common('cancel') };
  return { label: t('measure'), isOn, onChange: mutate, off, ...(error === null ? {} : { error: errorText(error) }) };
}
