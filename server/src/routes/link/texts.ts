/** The words of the link's page, in the languages of the app and in its words. */

const en = {
  by: '{{name}}’s challenge',
  question: 'Which one is the lie?',
  lead: 'Two are true, one is a lie. Watch {{name}} and find it.',
  card_alt: '{{title}} by {{name}}. Two truths, one lie.',
  card_neutral: 'Two are true. One is a lie.',
  guessed_zero: 'nobody has guessed yet',
  guessed_one: '{{count}} guess so far',
  guessed_other: '{{count}} guesses so far',
  house: 'By the house',
  film: 'The three statements',
  jump: 'Jump to statement {{number}}',
  play: 'Play',
  pause: 'Pause',
  replay: 'Play again from the start',
  captions: 'Captions',
  speed: 'Speed {{speed}}. Change it',
  video_failed: 'The video did not load.',
  video_retry: 'Load it again',
  video_open: 'Open the video by itself',
  statement: 'Statement {{number}}',
  pick: 'Take statement {{number}} for the lie',
  pick_said: 'Take statement {{number}} for the lie: {{statement}}',
  picked: 'my lie pick',
  dial: 'How sure are you?',
  dial_value: '{{percent}} percent sure',
  dial_low: 'no idea',
  dial_high: 'certain',
  dial_less: 'Less sure',
  dial_more: 'More sure',
  lock_empty: 'Tap the number you doubt',
  lock: 'Lock it in',
  lock_stakes: 'Lock it in · right {{right}}, wrong {{wrong}}',
  locking: 'Turning the card …',
  right: 'You caught it',
  wrong: 'It got past you',
  front: 'Your pick: {{pick}}',
  explain_right: 'You gave the lie {{given}}. A coin with three sides would have scored 0.',
  explain_wrong: 'You gave {{given}} to number {{pick}}, but {{lie}} was the lie. A coin with three sides would have scored 0.',
  points: '{{score}} points',
  answer: 'The answer',
  was_lie: 'was the lie',
  was_truth: 'is true',
  crowd_one: '{{count}} guess',
  crowd_other: '{{count}} guesses',
  crowd_share: '{{share}} took it for the lie',
  your_pick: 'your pick',
  story: 'The story behind it',
  no_story: 'The author keeps the story to themselves.',
  kept: 'Locked before publishing',
  kept_body: 'Your device has checked the author’s seal: the lie was fixed when this was published and never changed.',
  sealed_body:
    'The seal was public before anybody guessed. It is the SHA-256 of the key below and one byte, the lie’s number counted from 0.',
  seal: 'Seal',
  seal_key: 'Key',
  broken: 'The seal does not match',
  broken_body: 'The answer does not fit the seal from publishing. Something is wrong with this challenge.',
  keep_title: 'Keep this guess',
  keep_body: 'It counts for a guest on this device. With an account it stays yours.',
  keep_action: 'Make an account',
  app: 'Open the app',
  next: 'Next',
  watch_again: 'Watch again',
  gone_title: 'This stage is empty',
  gone_body: 'This challenge does not exist any more, or the link is wrong. Ask for a new link, or play another one.',
  play_another: 'Play another one',
  error_title: 'That did not work',
  retry: 'Try again',
  pick_first: 'Pick a number first, then lock it in.',
  offline: 'We cannot reach the server. Your pick stays here: check your connection and lock it in again.',
  own_challenge: 'This one is yours. Let others guess.',
  challenge_not_found: 'This challenge is not on stage any more.',
  too_many_requests: 'That was fast. Wait a little and try again.',
  busy: 'Very busy right now. Try again in a moment.',
  internal: 'Something broke on our side. Try again.',
};

const de: Record<keyof typeof en, string> = {
  by: 'Runde von {{name}}',
  question: 'Was davon ist gelogen?',
  lead: 'Zwei stimmen, eins ist gelogen. Sieh {{name}} zu und finde es.',
  card_alt: '{{title}} von {{name}}. Zwei Wahrheiten, eine Lüge.',
  card_neutral: 'Zwei stimmen. Eins ist gelogen.',
  guessed_zero: 'noch kein Tipp',
  guessed_one: 'bisher {{count}} Tipp',
  guessed_other: 'bisher {{count}} Tipps',
  // A German guest learns before the first word that the house speaks English.
  house: 'Vom Haus · Englisch',
  film: 'Die drei Aussagen',
  jump: 'Zu Aussage {{number}} springen',
  play: 'Abspielen',
  pause: 'Anhalten',
  replay: 'Noch einmal von vorn',
  captions: 'Untertitel',
  speed: 'Tempo {{speed}}. Ändern',
  video_failed: 'Das Video wurde nicht geladen.',
  video_retry: 'Noch einmal laden',
  video_open: 'Das Video für sich öffnen',
  statement: 'Aussage {{number}}',
  pick: 'Aussage {{number}} für die Lüge halten',
  pick_said: 'Aussage {{number}} für die Lüge halten: {{statement}}',
  picked: 'mein Tipp',
  dial: 'Wie sicher bist du?',
  dial_value: '{{percent}} Prozent sicher',
  dial_low: 'keine Ahnung',
  dial_high: 'ganz sicher',
  dial_less: 'Weniger sicher',
  dial_more: 'Sicherer',
  lock_empty: 'Tippe auf die Zahl, die du bezweifelst',
  lock: 'Festlegen',
  lock_stakes: 'Festlegen · richtig {{right}}, falsch {{wrong}}',
  locking: 'Die Karte dreht sich …',
  right: 'Erwischt',
  wrong: 'Reingefallen',
  front: 'Dein Tipp: {{pick}}',
  explain_right: 'Du hast der Lüge {{given}} gegeben. Eine Münze mit drei Seiten hätte 0 Punkte.',
  explain_wrong: 'Du hast Nummer {{pick}} {{given}} gegeben, gelogen war {{lie}}. Eine Münze mit drei Seiten hätte 0 Punkte.',
  points: '{{score}} Punkte',
  answer: 'Die Auflösung',
  was_lie: 'war gelogen',
  was_truth: 'stimmt',
  crowd_one: '{{count}} Tipp',
  crowd_other: '{{count}} Tipps',
  crowd_share: '{{share}} hielten es für die Lüge',
  your_pick: 'dein Tipp',
  story: 'Die Geschichte dahinter',
  no_story: 'Die Geschichte bleibt ein Geheimnis.',
  kept: 'Vor dem Veröffentlichen verschlossen',
  kept_body: 'Dein Gerät hat das Siegel geprüft: Die Lüge stand beim Veröffentlichen fest und wurde nie geändert.',
  sealed_body:
    'Das Siegel war öffentlich, bevor jemand geraten hat. Es ist der SHA-256 des Schlüssels unten und eines Bytes, der Nummer der Lüge ab 0 gezählt.',
  seal: 'Siegel',
  seal_key: 'Schlüssel',
  broken: 'Das Siegel passt nicht',
  broken_body: 'Die Auflösung passt nicht zum Siegel vom Veröffentlichen. Mit dieser Runde stimmt etwas nicht.',
  keep_title: 'Behalte diesen Tipp',
  keep_body: 'Er zählt für einen Gast auf diesem Gerät. Mit einem Konto bleibt er deiner.',
  keep_action: 'Konto anlegen',
  app: 'App öffnen',
  next: 'Weiter',
  watch_again: 'Noch einmal ansehen',
  gone_title: 'Diese Bühne ist leer',
  gone_body: 'Diese Runde gibt es nicht mehr, oder der Link stimmt nicht. Bitte um einen neuen Link oder spiele eine andere.',
  play_another: 'Eine andere spielen',
  error_title: 'Das hat nicht geklappt',
  retry: 'Noch einmal',
  pick_first: 'Wähle zuerst eine Zahl, dann lege dich fest.',
  offline: 'Wir erreichen den Server nicht. Deine Wahl bleibt hier: Prüfe die Verbindung und lege dich noch einmal fest.',
  own_challenge: 'Die ist von dir. Lass andere raten.',
  challenge_not_found: 'Diese Runde steht nicht mehr auf der Bühne.',
  too_many_requests: 'Das war schnell. Warte kurz und versuche es noch einmal.',
  busy: 'Gerade ist viel los. Versuche es gleich noch einmal.',
  internal: 'Bei uns ist etwas kaputtgegangen. Versuche es noch einmal.',
};

const TEXTS = { en, de };
export type Language = keyof typeof TEXTS;
export type TextKey = keyof typeof en;
type Values = Record<string, string | number>;

/** One language's words: values stand in `{{braces}}`, and those that are not given stay there. */
export interface Words {
  language: Language;
  (key: TextKey, values?: Values): string;
}

const wordsOf = (language: Language): Words =>
  Object.assign((key: TextKey, values?: Values) => filled(TEXTS[language][key], values), { language });

/** The words in every language. */
export const WORDS: Record<Language, Words> = { en: wordsOf('en'), de: wordsOf('de') };

/** The first language of `Accept-Language` (RFC 9110, 12.5.4) that we speak; English where there is none. */
export function languageOf(header: string | undefined): Language {
  const wanted = (header ?? '').split(',').map((part) => {
    const [tag = '', weight] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/);
    return { language: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) };
  });
  const ours = wanted.filter((one) => one.language in TEXTS && one.weight > 0).sort((a, b) => b.weight - a.weight);
  return (ours[0]?.language as Language | undefined) ?? 'en';
}

/** A share from 0 to 1 as "48 %" or "48%", as the language writes it. */
export function percentText(share: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** A score with its sign: "+80", "−85" (a true minus), "0". */
export function scoreText(score: number): string {
  return score > 0 ? `+${score}` : score < 0 ? `\u2212${-score}` : '0';
}

/** `text` with the values that are given put in place of their `{{braces}}`. */
export function filled(text: string, values: Values = {}): string {
  return text.replace(/\{\{(\w+)\}\}/g, (all, name: string) => String(values[name] ?? all));
}
