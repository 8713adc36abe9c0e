import { defineTexts } from '../../lib/i18n/i18n.ts';

export const { useText } = defineTexts('shell', {
  en: {
    silent: 'The server does not answer. What you see was kept from before.',
    update_ready: 'A new version is ready',
    update_now: 'Load it',
    old_title: 'Time for an update',
    old_body: 'The server speaks a newer language than this version of the app.',
    old_kept: 'Your recordings stay on this device, and are sent as soon as the app is new.',
    old_reload: 'Load the new version',
    old_store: 'Open the store',
    old_by_hand: 'Get the newest version where you got this one.',
    part_lost: 'A part of the app could not be loaded: there is no network, or a newer version has taken its place. Load the app again.',
    load_again: 'Load again',
    slow_title: 'This takes long',
    slow_body: 'A part of the app is still on its way. Check your network, or load the app again.',
  },
  de: {
    silent: 'Der Server antwortet nicht. Du siehst, was von vorher da ist.',
    update_ready: 'Eine neue Version ist bereit',
    update_now: 'Laden',
    old_title: 'Zeit für ein Update',
    old_body: 'Der Server spricht eine neuere Sprache als diese Version der App.',
    old_kept: 'Deine Aufnahmen bleiben auf diesem Gerät und werden gesendet, sobald die App neu ist.',
    old_reload: 'Neue Version laden',
    old_store: 'Store öffnen',
    old_by_hand: 'Hol dir die neueste Version dort, woher du diese hast.',
    part_lost: 'Ein Teil der App ließ sich nicht laden: Das Netz fehlt, oder eine neuere Version ist da. Lade die App neu.',
    load_again: 'Neu laden',
    slow_title: 'Das dauert',
    slow_body: 'Ein Teil der App ist noch unterwegs. Prüfe dein Netz, oder lade die App neu.',
  },
});
