import { codeOf, type ErrorCode } from '../api/problem.ts';
import { defineTexts } from './i18n.ts';

/** A sentence for each code a person may meet; the rest is said by `internal`. */
const en = {
  offline: 'We cannot reach the server. Check your connection and try again.',
  unknown: 'The server does not accept this, and this version of the app does not know why. A newer version may.',
  update_required: 'This version of the app is too old for the server. Update it.',
  timeout: 'The server took too long to answer. Try again.',
  invalid_request: 'Something in there does not fit. Check what you entered.',
  unauthenticated: 'Log in first.',
  session_ended: 'Your session has ended. Log in again.',
  credentials_wrong: 'E-mail address or password is wrong.',
  terms_required: 'Accept the terms and give your year of birth first.',
  too_young: 'You need to be at least 13 to publish.',
  own_challenge: 'This one is yours. Let others guess it.',
  guess_first: 'The answer comes after your guess.',
  not_found: 'There is nothing here.',
  challenge_not_found: 'This challenge is gone, or the link is wrong.',
  session_not_found: 'This session has ended already.',
  email_taken: 'This e-mail address has an account already. Log in instead.',
  username_taken: 'This name is taken. Try another.',
  not_a_guest: 'You have an account already.',
  push_off: 'This server sends no notifications.',
  push_token_missing: 'This device gets no notifications yet. Turn them on first.',
  already_guessed: 'You have guessed this one before.',
  too_many_drafts: 'You have many challenges that are not published yet. Publish or delete one first.',
  drafts_too_large: 'The clips of your unpublished challenges take up all the room you have. Publish or delete one first.',
  clips_missing: 'Three clips are needed.',
  clip_refused: 'One clip was refused. Record it again.',
  challenge_locked: 'This challenge cannot be changed any more.',
  lie_missing: 'Say which statement is the lie.',
  not_ready: 'It is not ready yet. Wait a moment.',
  clip_too_large: 'This clip is larger than 100 MB.',
  too_many_requests: 'That was fast. Wait a little and try again.',
  too_many_streams: 'This is open in too many windows. Close one of them.',
  login_throttled: 'Too many failed log-ins. Wait a little and try again.',
  busy: 'Very busy right now. Try again in a moment.',
  storage_full: 'The server has no space left. Try again later.',
  internal: 'Something broke on our side. Try again.',
};
const de: Record<keyof typeof en, string> = {
  offline: 'Wir erreichen den Server nicht. Prüfe deine Verbindung und versuche es noch einmal.',
  unknown: 'Der Server nimmt das nicht an, und diese Version der App weiß nicht, warum. Eine neuere vielleicht.',
  update_required: 'Diese Version der App ist zu alt für den Server. Aktualisiere sie.',
  timeout: 'Der Server hat zu lange gebraucht. Versuche es noch einmal.',
  invalid_request: 'Etwas davon passt nicht. Prüfe deine Eingaben.',
  unauthenticated: 'Melde dich zuerst an.',
  session_ended: 'Deine Sitzung ist beendet. Melde dich wieder an.',
  credentials_wrong: 'E-Mail-Adresse oder Passwort stimmt nicht.',
  terms_required: 'Nimm zuerst die Bedingungen an und gib dein Geburtsjahr an.',
  too_young: 'Zum Veröffentlichen musst du mindestens 13 sein.',
  own_challenge: 'Die ist von dir. Lass andere raten.',
  guess_first: 'Die Auflösung kommt nach deinem Tipp.',
  not_found: 'Hier ist nichts.',
  challenge_not_found: 'Diese Runde gibt es nicht mehr, oder der Link stimmt nicht.',
  session_not_found: 'Diese Sitzung ist schon beendet.',
  email_taken: 'Zu dieser E-Mail-Adresse gibt es schon ein Konto. Melde dich an.',
  username_taken: 'Dieser Name ist vergeben. Nimm einen anderen.',
  not_a_guest: 'Du hast schon ein Konto.',
  push_off: 'Dieser Server verschickt keine Mitteilungen.',
  push_token_missing: 'Dieses Gerät bekommt noch keine Mitteilungen. Schalte sie zuerst ein.',
  already_guessed: 'Hier hast du schon getippt.',
  too_many_drafts: 'Du hast schon viele Runden, die nicht veröffentlicht sind. Veröffentliche oder lösche zuerst eine.',
  drafts_too_large: 'Die Clips deiner unveröffentlichten Runden brauchen allen Platz, den du hast. Veröffentliche oder lösche zuerst eine.',
  clips_missing: 'Es braucht drei Clips.',
  clip_refused: 'Ein Clip wurde abgelehnt. Nimm ihn neu auf.',
  challenge_locked: 'Diese Runde lässt sich nicht mehr ändern.',
  lie_missing: 'Sag, welche Aussage gelogen ist.',
  not_ready: 'Noch nicht fertig. Warte einen Moment.',
  clip_too_large: 'Dieser Clip ist größer als 100 MB.',
  too_many_requests: 'Das war schnell. Warte kurz und versuche es noch einmal.',
  too_many_streams: 'Das ist in zu vielen Fenstern offen. Schließe eines davon.',
  login_throttled: 'Zu viele falsche Anmeldungen. Warte kurz und versuche es noch einmal.',
  busy: 'Gerade ist viel los. Versuche es gleich noch einmal.',
  storage_full: 'Der Server hat keinen Platz mehr. Versuche es später.',
  internal: 'Bei uns ist etwas kaputtgegangen. Versuche es noch einmal.',
};

const { text } = defineTexts('problems', { en, de });

/** What happened and what to do, in the reader's language. */
export function problemText(code: ErrorCode): string {
  return text(code in en ? (code as keyof typeof en) : 'internal');
}

export function errorText(error: unknown): string {
  return problemText(codeOf(error));
}
