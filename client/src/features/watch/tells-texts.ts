import { TELL_TEXTS } from '@2t1l/contract/tell-report';
import { defineTexts } from '../../lib/i18n/i18n.ts';

export const { useText: useTellsText } = defineTexts('tells', {
  en: {
    ...TELL_TEXTS.en,
    notice_own: 'Others see it after their guess. You can delete it at any time: one statement below, everything in your settings.',
    declined_own: 'Nothing is measured here, as you wished.',
    not_wished_own: 'not measured, as you wished',
    compare: 'The three compared',
    lie_was: 'Number {{number}} was the lie.',
    more: 'Show all signals',
    less: 'Show fewer signals',
    curves: 'Over time',
    curves_help: 'From left to right as in the film. A gap: nothing to measure there.',
    curve_pitch: 'Pitch',
    curve_energy: 'Loudness',
    curve_expression: 'Change of expression',
    curve_range: '{{curve}}, {{low}} to {{high}}',
    curve_said: 'Curve: {{curve}}, statements 1 to 3 from left to right',
  },
  de: {
    ...TELL_TEXTS.de,
    notice_own: 'Andere sehen es nach ihrem Tipp. Du kannst es jederzeit löschen: eine Aussage unten, alles in deinen Einstellungen.',
    declined_own: 'Hier wird nichts gemessen, wie du es wolltest.',
    not_wished_own: 'nicht gemessen, wie du es wolltest',
    compare: 'Die drei im Vergleich',
    lie_was: 'Nummer {{number}} war die Lüge.',
    more: 'Alle Zeichen zeigen',
    less: 'Weniger Zeichen zeigen',
    curves: 'Im Verlauf',
    curves_help: 'Von links nach rechts wie im Film. Eine Lücke: Da war nichts zu messen.',
    curve_pitch: 'Tonhöhe',
    curve_energy: 'Lautstärke',
    curve_expression: 'Wechsel des Ausdrucks',
    curve_range: '{{curve}}, {{low}} bis {{high}}',
    curve_said: 'Kurve: {{curve}}, Aussagen 1 bis 3 von links nach rechts',
  },
});
