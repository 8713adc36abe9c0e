/** Plain words for measured signals: what was different, never what it means. The app and the page of a link say the same. */
import type { Tells } from './analysis.ts';

const EN = {
  pitch_median_hz: 'Pitch of the voice',
  pitch_median_hz_higher: 'the voice was {{amount}} higher than in the other two',
  pitch_median_hz_lower: 'the voice was {{amount}} lower than in the other two',
  pitch_variance: 'Movement of the pitch',
  pitch_variance_higher: 'the voice moved up and down more than in the other two',
  pitch_variance_lower: 'the voice was flatter than in the other two',
  speaking_rate: 'Speed of speech',
  speaking_rate_higher: 'spoke {{amount}} faster than in the other two',
  speaking_rate_lower: 'spoke {{amount}} slower than in the other two',
  jitter_ratio: 'Roughness of the voice',
  jitter_ratio_higher: 'the voice trembled more than in the other two',
  jitter_ratio_lower: 'the voice was steadier than in the other two',
  shimmer_ratio: 'Wavering of loudness',
  shimmer_ratio_higher: 'the loudness wavered more than in the other two',
  shimmer_ratio_lower: 'the loudness was steadier than in the other two',
  hnr_db: 'Clearness of the voice',
  hnr_db_higher: 'the voice was {{amount}} clearer than in the other two',
  hnr_db_lower: 'the voice was {{amount}} breathier than in the other two',
  energy_db: 'Loudness',
  energy_db_higher: 'spoke {{amount}} louder than in the other two',
  energy_db_lower: 'spoke {{amount}} more softly than in the other two',
  pause_rate: 'Pauses a minute',
  pause_rate_higher: 'paused {{amount}} times a minute more than in the other two',
  pause_rate_lower: 'paused {{amount}} times a minute less than in the other two',
  pause_share: 'Time in pauses',
  pause_share_higher: 'paused for {{amount}} more of the time than in the other two',
  pause_share_lower: 'paused for {{amount}} less of the time than in the other two',
  head_motion: 'Movement of the head',
  head_motion_higher: 'moved the head more than in the other two',
  head_motion_lower: 'held the head stiller than in the other two',
  smile_asymmetry: 'Lopsidedness of the smile',
  smile_asymmetry_higher: 'smiled more lopsidedly than in the other two',
  smile_asymmetry_lower: 'smiled more evenly than in the other two',
  blink_rate: 'Blinks a minute',
  blink_rate_higher: 'blinked {{amount}} times a minute more than in the other two',
  blink_rate_lower: 'blinked {{amount}} times a minute less than in the other two',
  gaze_off_share: 'Looking aside',
  gaze_off_share_higher: 'looked aside more than in the other two',
  gaze_off_share_lower: 'looked aside less than in the other two',
  expression_change_rate: 'Changes of expression a minute',
  expression_change_rate_higher: 'changed expression more often than in the other two',
  expression_change_rate_lower: 'changed expression less often than in the other two',
  expression_entropy: 'Mixture of expressions',
  expression_entropy_higher: 'the expression was more mixed than in the other two',
  expression_entropy_lower: 'the expression was more distinct than in the other two',
  unsure_share: 'Hard-to-read moments',
  unsure_share_higher: 'the face was harder to read than in the other two',
  unsure_share_lower: 'the face was easier to read than in the other two',
  // Units that are words; Hz, dB, s, % and °/s are the same everywhere.
  'syllables/s': 'syll./s',
  semitones: 'semitones',
  'semitones²': 'semitones²',
  bits: 'bits',
} as const;

const DE: Record<keyof typeof EN, string> = {
  pitch_median_hz: 'Tonhöhe der Stimme',
  pitch_median_hz_higher: 'die Stimme lag {{amount}} höher als in den anderen beiden',
  pitch_median_hz_lower: 'die Stimme lag {{amount}} tiefer als in den anderen beiden',
  pitch_variance: 'Bewegung der Tonhöhe',
  pitch_variance_higher: 'die Stimme ging mehr auf und ab als in den anderen beiden',
  pitch_variance_lower: 'die Stimme war flacher als in den anderen beiden',
  speaking_rate: 'Sprechtempo',
  speaking_rate_higher: 'sprach {{amount}} schneller als in den anderen beiden',
  speaking_rate_lower: 'sprach {{amount}} langsamer als in den anderen beiden',
  jitter_ratio: 'Rauheit der Stimme',
  jitter_ratio_higher: 'die Stimme zitterte mehr als in den anderen beiden',
  jitter_ratio_lower: 'die Stimme war ruhiger als in den anderen beiden',
  shimmer_ratio: 'Schwanken der Lautstärke',
  shimmer_ratio_higher: 'die Lautstärke schwankte mehr als in den anderen beiden',
  shimmer_ratio_lower: 'die Lautstärke war gleichmäßiger als in den anderen beiden',
  hnr_db: 'Klarheit der Stimme',
  hnr_db_higher: 'die Stimme war {{amount}} klarer als in den anderen beiden',
  hnr_db_lower: 'die Stimme war {{amount}} hauchiger als in den anderen beiden',
  energy_db: 'Lautstärke',
  energy_db_higher: 'sprach {{amount}} lauter als in den anderen beiden',
  energy_db_lower: 'sprach {{amount}} leiser als in den anderen beiden',
  pause_rate: 'Pausen je Minute',
  pause_rate_higher: 'machte {{amount}} Pausen je Minute mehr als in den anderen beiden',
  pause_rate_lower: 'machte {{amount}} Pausen je Minute weniger als in den anderen beiden',
  pause_share: 'Zeit in Pausen',
  pause_share_higher: 'pausierte {{amount}} der Zeit mehr als in den anderen beiden',
  pause_share_lower: 'pausierte {{amount}} der Zeit weniger als in den anderen beiden',
  head_motion: 'Bewegung des Kopfes',
  head_motion_higher: 'bewegte den Kopf mehr als in den anderen beiden',
  head_motion_lower: 'hielt den Kopf ruhiger als in den anderen beiden',
  smile_asymmetry: 'Schiefe des Lächelns',
  smile_asymmetry_higher: 'lächelte schiefer als in den anderen beiden',
  smile_asymmetry_lower: 'lächelte gerader als in den anderen beiden',
  blink_rate: 'Lidschläge je Minute',
  blink_rate_higher: 'blinzelte {{amount}}-mal je Minute mehr als in den anderen beiden',
  blink_rate_lower: 'blinzelte {{amount}}-mal je Minute weniger als in den anderen beiden',
  gaze_off_share: 'Blick zur Seite',
  gaze_off_share_higher: 'schaute mehr zur Seite als in den anderen beiden',
  gaze_off_share_lower: 'schaute weniger zur Seite als in den anderen beiden',
  expression_change_rate: 'Wechsel des Ausdrucks je Minute',
  expression_change_rate_higher: 'wechselte öfter den Ausdruck als in den anderen beiden',
  expression_change_rate_lower: 'wechselte seltener den Ausdruck als in den anderen beiden',
  expression_entropy: 'Mischung der Ausdrücke',
  expression_entropy_higher: 'der Ausdruck war gemischter als in den anderen beiden',
  expression_entropy_lower: 'der Ausdruck war eindeutiger als in den anderen beiden',
  unsure_share: 'Schwer lesbare Momente',
  unsure_share_higher: 'das Gesicht war schwerer zu lesen als in den anderen beiden',
  unsure_share_lower: 'das Gesicht war leichter zu lesen als in den anderen beiden',
  'syllables/s': 'Silben/s',
  semitones: 'Halbtöne',
  'semitones²': 'Halbtöne²',
  bits: 'Bit',
};

/** Names of signals, sentences about differences, and units that are words. */
export const TELL_WORDS = { en: EN, de: DE };
type Say = (key: keyof typeof EN, values?: Record<string, string | number>) => string;

type Signal = Tells['segments'][number]['signals'][number];

export interface TellWords {
  /** The signal's name in words; null for one that this app does not know (an older app against a newer server). */
  name: (signal: string) => string | null;
  /** "paused for 8 % more of the time than in the other two". */
  difference: (signal: Pick<Signal, 'name' | 'unit' | 'difference'>) => string | null;
  /** A value with its unit. */
  amount: (value: number, unit: string) => string;
}

/** `t` says a key of `TELL_WORDS` with its values in `{{braces}}` filled in; numbers are written as `language` does. */
export function tellWords(t: Say, language: string): TellWords {
  return {
    name: (signal) => (isKnown(signal) ? t(signal) : null),
    difference: ({ name, difference, unit }) => {
      const key = `${name}_${(difference ?? 0) > 0 ? 'higher' : 'lower'}`;
      return difference === null || !isKnown(key) ? null : t(key, { amount: amountOf(Math.abs(difference), readUnit(name, unit)) });
    },
    amount: amountOf,
  };

  /** Two digits that count, three from ten on, no more than hundredths; whole numbers as they are; a true minus. */
  function amountOf(value: number, unit: string): string {
    if (unit === '%') {
      return written(value, { style: 'percent', minimumFractionDigits: value === 0 ? 0 : 1, maximumFractionDigits: 1 });
    }
    const digits = Math.abs(value) < 10 ? 2 : 3;
    const isFine = Number.isInteger(value) || Math.abs(value) < 0.1;
    const number = written(
      value,
      isFine ? { maximumFractionDigits: 2 } : { minimumSignificantDigits: digits, maximumSignificantDigits: digits },
    );
    return unit === '' || unit === '1/min' ? number : `${number}\u00a0${isKnown(unit) ? t(unit) : unit}`;
  }

  function written(value: number, format: Intl.NumberFormatOptions): string {
    // Nothing is not less than nothing: no minus before a zero.
    return new Intl.NumberFormat(language, format)
      .format(value)
      .replace(/^-(?=0([.,]0*)?\D*$)/, '')
      .replace(/^-/, '\u2212');
  }
}

/** Parts of a whole, which people read in percent. */
const PARTS = ['pause_share', 'jitter_ratio', 'shimmer_ratio', 'smile_asymmetry', 'gaze_off_share', 'unsure_share'];

/** The unit that a signal is read in: `%` for parts of a whole, which travel without one. */
export function readUnit(name: string, unit: string): string {
  return unit === '' && PARTS.includes(name) ? '%' : unit;
}

function isKnown(key: string): key is keyof typeof EN {
  return key in EN;
}
