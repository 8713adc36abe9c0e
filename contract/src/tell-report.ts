/** What is said of an analysis after the guess, and what of it is shown first. The app and the page of a link say the same. */
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import type { Analysis, Tells } from './analysis.ts';

/** Where a bar of decibels begins: below it there is silence. */
const SILENCE_DB = -60;
/** The chance of a guess in the dark. */
export const LUCK = 1 / 3;

const EN = {
  title: 'The tells',
  notice: 'Measured in face and voice, each statement against the other two. A difference is no proof: it says nothing about truth.',
  notice_viewer: 'The author allowed it, and can delete it at any time.',
  strongest: 'Number {{number}}: {{difference}}.',
  unknown: 'Number {{number}} stands out by a signal that this version of the app does not know.',
  none: 'No clear signal. Nothing in face or voice stands out from chance.',
  record_one: 'On this server the strongest signal lay on the lie in {{share}} of {{count}} challenge. Luck gives {{luck}}.',
  record_other: 'On this server the strongest signal lay on the lie in {{share}} of {{count}} challenges. Luck gives {{luck}}.',
  record_crowd: 'The crowd was right in {{share}}.',
  no_record: 'How often such a signal points at the lie is not known here yet. Luck gives {{luck}}.',
  declined: 'The author keeps their tells to themselves.',
  not_wished: 'Number {{number}}: not measured, as the author wished',
  pending: 'Face and voice are still being measured …',
  failed: 'Face and voice could not be measured.',
  no_face: 'Number {{number}}: no face to be seen',
  no_face_too_dark: 'Number {{number}}: too dark to read a face',
  no_face_at_edge: 'Number {{number}}: the face is partly outside the picture',
  no_face_too_small: 'Number {{number}}: the face is too small to be read',
  no_face_several_faces: 'Number {{number}}: two faces are equally large, so neither is read',
  no_speech: 'Number {{number}}: no voice to be heard',
  segment_failed: 'Number {{number}}: could not be measured',
  value: 'number {{number}}: {{value}}',
  no_value: 'number {{number}}: not measured',
} as const;

const DE: Record<keyof typeof EN, string> = {
  title: 'Die Zeichen',
  notice:
    'Gemessen an Gesicht und Stimme, jede Aussage gegen die anderen beiden. Ein Unterschied ist kein Beweis: Er sagt nichts über die Wahrheit.',
  notice_viewer: 'Der Autor hat es erlaubt und kann es jederzeit löschen.',
  strongest: 'Nummer {{number}}: {{difference}}.',
  unknown: 'Nummer {{number}} fällt durch ein Zeichen auf, das diese Version der App nicht kennt.',
  none: 'Kein klares Zeichen. Nichts an Gesicht oder Stimme hebt sich vom Zufall ab.',
  record_one: 'Auf diesem Server lag das stärkste Zeichen in {{share}} von {{count}} Runde auf der Lüge. Glück bringt {{luck}}.',
  record_other: 'Auf diesem Server lag das stärkste Zeichen in {{share}} von {{count}} Runden auf der Lüge. Glück bringt {{luck}}.',
  record_crowd: 'Das Publikum lag in {{share}} richtig.',
  no_record: 'Wie oft ein solches Zeichen auf die Lüge zeigt, weiß man hier noch nicht. Glück bringt {{luck}}.',
  declined: 'Der Autor behält seine Zeichen für sich.',
  not_wished: 'Nummer {{number}}: nicht gemessen, so will es der Autor',
  pending: 'Gesicht und Stimme werden noch gemessen …',
  failed: 'Gesicht und Stimme ließen sich nicht messen.',
  no_face: 'Nummer {{number}}: kein Gesicht zu sehen',
  no_face_too_dark: 'Nummer {{number}}: zu dunkel, um ein Gesicht zu lesen',
  no_face_at_edge: 'Nummer {{number}}: Das Gesicht ist zum Teil außerhalb des Bildes',
  no_face_too_small: 'Nummer {{number}}: Das Gesicht ist zu klein zum Lesen',
  no_face_several_faces: 'Nummer {{number}}: Zwei Gesichter sind gleich groß, darum wird keines gelesen',
  no_speech: 'Nummer {{number}}: keine Stimme zu hören',
  segment_failed: 'Nummer {{number}}: ließ sich nicht messen',
  value: 'Nummer {{number}}: {{value}}',
  no_value: 'Nummer {{number}}: nicht gemessen',
};

/** Texts with values in `{{braces}}`; those that end in `_one` and `_other` go by `count`. */
export const TELL_TEXTS = { en: EN, de: DE };

const NO_FACE = {
  none_found: 'no_face',
  too_dark: 'no_face_too_dark',
  at_edge: 'no_face_at_edge',
  too_small: 'no_face_too_small',
  several_faces: 'no_face_several_faces',
} as const;
type MissingKey = (typeof NO_FACE)[keyof typeof NO_FACE] | 'no_speech' | 'not_wished' | 'segment_failed';

/** Why something is not there, statement by statement: a text and the statement's number, from 1. */
export function missingParts({ emotion_analysis, voice_analysis }: Analysis): { key: MissingKey; number: number }[] {
  return SEGMENT_INDEXES.flatMap((index) => {
    const { status: face, reason = 'none_found' } = emotion_analysis.segments[index] ?? {};
    const voice = voice_analysis.segments[index]?.status;
    const keys: MissingKey[] =
      face === 'declined'
        ? ['not_wished']
        : face === 'failed' || voice === 'failed'
          ? ['segment_failed']
          : [...(face === 'no_face' ? [NO_FACE[reason]] : []), ...(voice === 'no_speech' ? ['no_speech' as const] : [])];
    return keys.map((key) => ({ key, number: index + 1 }));
  });
}

/** One signal in the three statements. */
export interface SignalRow {
  name: string;
  unit: string;
  /** By statement; null where it was not measured. */
  values: (number | null)[];
  /** By statement: how long its bar is, 0 to 1; null where there is none. */
  bars: (number | null)[];
  /** Where the strongest signal of all is this one, its statement. */
  mark: SegmentIndex | null;
}

/** Signals that at least two statements have, those with a large effect first. */
export function signalRows({ segments, strongest }: Tells): SignalRow[] {
  const names = [...new Set(segments.flatMap((segment) => segment.signals.map(({ name }) => name)))];
  const rows = names.map((name) => {
    const signals = SEGMENT_INDEXES.map((index) => segments[index]?.signals.find((signal) => signal.name === name));
    const values = signals.map((signal) => signal?.value ?? null);
    const row: SignalRow = {
      name,
      unit: signals.find((signal) => signal !== undefined)?.unit ?? '',
      values,
      bars: barsOf(values),
      mark: strongest?.name === name ? strongest.segment_index : null,
    };
    return { row, weight: Math.max(...signals.map((signal) => Math.abs(signal?.effect ?? 0))) };
  });
  return rows
    .filter(({ row }) => row.values.filter((value) => value !== null).length > 1)
    .sort((a, b) => b.weight - a.weight)
    .map(({ row }) => row);
}

function barsOf(values: readonly (number | null)[]): (number | null)[] {
  const numbers = values.filter((value) => value !== null);
  const low = Math.min(...numbers) < 0 ? Math.min(SILENCE_DB, ...numbers) : 0;
  const span = Math.max(...numbers) - low || 1;
  return values.map((value) => (value === null ? null : Math.max(0.02, (value - low) / span)));
}
