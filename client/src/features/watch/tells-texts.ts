import { TELL_TEXTS } from '@2t1l/contract/tell-report';
import { defineTexts } from '../../lib/i18n/i18n.ts';

export const { useText: useTellsText } = defineTexts('tells', {
  en: {
    ...TELL_TEXTS.en,
    notice_own: 'Others see it after their guess. You can delete it at any time in your settings.',
    declined_own: 'Nothing is measured here, as you wished.',
    compare: 'The three compared',
    lie_was: 'Number {{number}} was the lie.',
    more: 'Show all signals',
    less: 'Show fewer signals',
    curves: 'Over time',
    curve_pitch: 'Pitch',
    curve_energy: 'Loudness',
    curve_expression: 'Change of expression',
    curve_said: '{{curve}}, statements 1 to 3 from left to right',
  },
  de: {
    ...TELL_TEXTS.de,
    notice_own: 'Andere sehen es nach ihrem Tipp. Du kannst es jederzeit in deinen Einstellungen löschen.',
    declined_own: 'Hier wird nichts gemessen, wie du es wolltest.',
    compare: 'Die drei im Vergleich',
    lie_was: 'Nummer {{number}} war die Lüge.',
    more: 'Alle Zeichen zeigen',
    less: 'Weniger Zeichen zeigen',
    curves: 'Im Verlauf',
    curve_pitch: 'Tonhöhe',
    curve_energy: 'Lautstärke',
    curve_expression: 'Wechsel des Ausdrucks',
    curve_said: '{{curve}}, Aussagen 1 bis 3 von links nach rechts',
  },
});
