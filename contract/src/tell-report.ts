/** What is said of an analysis after the guess, and what of it is shown first. The app and the page of a link say the same. */
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import type { Analysis, Tells } from './analysis.ts';
import { readUnit } from './tell-words.ts';

/** Where a bar or a curve of decibels begins: below it there is silence. */
export const SILENCE_DB = -60;
/** The chance of a guess in the dark. */
export const LUCK = 1 / 3;

const EN = {
  title: 'The tells',
  notice: 'Measured in face and voice, each statement against the other two. A difference is no proof: it says nothing about truth.',
  notice_viewer: 'The author allowed it, and can delete it at any time.',
  strongest: 'Number {{number}}: {{difference}}.',
  unknown: 'Number {{number}} stands out by a signal that this version of the app does not know.',
  none: 'No clear signal.',
  none_why: 'Three statements always differ. What differs here may well be chance.',
  nothing: 'There was nothing to compare.',
  record_one: 'On this server the strongest signal lay on the lie in {{share}} of {{count}} challenge. A blind guess is right in {{luck}}.',
  record_other:
    'On this server the strongest signal lay on the lie in {{share}} of {{count}} challenges. A blind guess is right in {{luck}}.',
  record_crowd: 'The crowd was right in {{share}}.',
  no_record: 'How often such a signal points at the lie is not known here yet. A blind guess is right in {{luck}}.',
  declined: 'The author keeps their tells to themselves.',
  not_wished: 'not measured, as the author wished',
  pending: 'Face and voice are still being measured …',
  failed: 'Face and voice could not be measured.',
  no_face: 'no face to be seen',
  no_face_too_dark: 'too dark to read a face',
  no_face_at_edge: 'face partly outside the picture',
  no_face_too_small: 'face too small to be read',
  no_face_several_faces: 'two faces of the same size, so neither is read',
  no_speech: 'no voice to be heard',
  segment_failed: 'could not be measured',
  missing_single: 'Number {{first}}: {{what}}',
  missing_pair: 'Numbers {{first}} and {{last}}: {{what}}',
  missing_all: 'All three: {{what}}',
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
  none: 'Kein klares Zeichen.',
  none_why: 'Drei Aussagen unterscheiden sich immer. Was sich hier unterscheidet, kann gut Zufall sein.',
  nothing: 'Es gab nichts zu vergleichen.',
  record_one:
    'Auf diesem Server lag das stärkste Zeichen in {{share}} von {{count}} Runde auf der Lüge. Blind geraten trifft man in {{luck}}.',
  record_other:
    'Auf diesem Server lag das stärkste Zeichen in {{share}} von {{count}} Runden auf der Lüge. Blind geraten trifft man in {{luck}}.',
  record_crowd: 'Das Publikum lag in {{share}} richtig.',
  no_record: 'Wie oft ein solches Zeichen auf die Lüge zeigt, weiß man hier noch nicht. Blind geraten trifft man in {{luck}}.',
  declined: 'Der Autor behält seine Zeichen für sich.',
  not_wished: 'nicht gemessen, so will es der Autor',
  pending: 'Gesicht und Stimme werden noch gemessen …',
  failed: 'Gesicht und Stimme ließen sich nicht messen.',
  no_face: 'kein Gesicht zu sehen',
  no_face_too_dark: 'zu dunkel, um ein Gesicht zu lesen',
  no_face_at_edge: 'Gesicht zum Teil außerhalb des Bildes',
  no_face_too_small: 'Gesicht zu klein zum Lesen',
  no_face_several_faces: 'zwei gleich große Gesichter, darum wird keines gelesen',
  no_speech: 'keine Stimme zu hören',
  segment_failed: 'nicht zu messen',
  missing_single: 'Nummer {{first}}: {{what}}',
  missing_pair: 'Nummer {{first}} und {{last}}: {{what}}',
  missing_all: 'Alle drei: {{what}}',
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

/** Why something is not there, a line for each reason with the statements it holds for; `t` says a key of `TELL_TEXTS`. */
export function missingLines(analysis: Analysis, t: (key: MissingKey | (typeof MISSING)[number], values?: Values) => string): string[] {
  const reasons = SEGMENT_INDEXES.map((index) => missingIn(analysis, index));
  return [...new Set(reasons.flat())].map((what) => {
    const numbers = SEGMENT_INDEXES.filter((index) => reasons[index]?.includes(what)).map((index) => index + 1);
    return t(MISSING[numbers.length - 1] ?? 'missing_all', { first: numbers[0] ?? 1, last: numbers.at(-1) ?? 3, what: t(what) });
  });
}

type Values = Record<string, string | number>;
const MISSING = ['missing_single', 'missing_pair', 'missing_all'] as const;

function missingIn({ emotion_analysis, voice_analysis }: Analysis, index: SegmentIndex): MissingKey[] {
  const { status: face, reason = 'none_found' } = emotion_analysis.segments[index] ?? {};
  const voice = voice_analysis.segments[index]?.status;
  if (face === 'declined') {
    return ['not_wished'];
  }
  if (face === 'failed' || voice === 'failed') {
    return ['segment_failed'];
  }
  return [...(face === 'no_face' ? [NO_FACE[reason]] : []), ...(voice === 'no_speech' ? ['no_speech' as const] : [])];
}

/** One signal in the three statements, in the unit that people read (`shownAs`). */
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
    const { unit, show } = shownAs(name, signals.find((signal) => signal !== undefined)?.unit ?? '');
    const values = signals.map((signal) => (signal?.value == null ? null : show(signal.value)));
    const row: SignalRow = {
      name,
      unit,
      values,
      bars: barsOf(values, FULL_MIN[name] ?? 0),
      mark: strongest?.name === name ? strongest.segment_index : null,
    };
    return { row, weight: Math.max(...signals.map((signal) => Math.abs(signal?.effect ?? 0))) };
  });
  return rows
    .filter(({ row }) => row.values.filter((value) => value !== null).length > 1)
    .sort((a, b) => b.weight - a.weight)
    .map(({ row }) => row);
}

/** A variance is no figure to read: its root is, in semitones. */
function shownAs(name: string, unit: string): { unit: string; show: (value: number) => number } {
  return name === 'pitch_variance' ? { unit: 'semitones', show: Math.sqrt } : { unit: readUnit(name, unit), show: (value) => value };
}

/** What a full bar stands for at least, so that next to nothing is not drawn like much. */
const FULL_MIN: Record<string, number> = {
  gaze_off_share: 0.2,
  unsure_share: 0.2,
  smile_asymmetry: 0.05,
  expression_entropy: 0.5,
  head_motion: 5,
  pause_share: 0.1,
};

function barsOf(values: readonly (number | null)[], fullMin: number): (number | null)[] {
  const numbers = values.filter((value) => value !== null);
  const low = Math.min(...numbers) < 0 ? Math.min(SILENCE_DB, ...numbers) : 0;
  const span = Math.max(fullMin, Math.max(...numbers) - low) || 1;
  return values.map((value) => (value === null ? null : Math.max(0.02, (value - low) / span)));
}
