/** Ideas against the blank page. Each leads to a true story as easily as to a made-up one. */
import type { Language } from '../../lib/i18n/i18n.ts';

export const PROMPTS: Record<Language, readonly string[]> = {
  en: [
    'A job I had for one day',
    'The strangest thing I ever ate',
    'Somebody famous I have met',
    'What I was sure of as a child',
    'A rule I broke and nobody noticed',
    'The worst present I ever gave',
    'A night I slept somewhere odd',
    'What is in my pockets right now',
    'The longest I have gone without something',
    'An animal that did not like me',
    'My most expensive mistake',
    'A talent nobody would expect',
    'How I got this scar',
    'A journey that went wrong',
    'The oddest thing in my home',
    'A record I hold',
    'What my first car or bicycle was',
    'Something I have won',
    'A name I nearly got',
    'The last time I was really scared',
    'A thing I do every single morning',
    'What I once told a teacher',
    'My shortest friendship',
    'Something I cannot throw away',
  ],
  de: [
    'Ein Job, den ich einen Tag lang hatte',
    'Das Seltsamste, was ich je gegessen habe',
    'Eine berühmte Person, die ich getroffen habe',
    'Was ich als Kind ganz sicher wusste',
    'Eine Regel, die ich heimlich gebrochen habe',
    'Mein schlimmstes Geschenk an jemanden',
    'Eine Nacht an einem seltsamen Ort',
    'Was gerade in meinen Taschen ist',
    'Worauf ich am längsten verzichtet habe',
    'Ein Tier, das mich nicht mochte',
    'Mein teuerster Fehler',
    'Ein Talent, das niemand erwartet',
    'Woher diese Narbe kommt',
    'Eine Reise, die schiefging',
    'Das Merkwürdigste in meiner Wohnung',
    'Ein Rekord, den ich halte',
    'Mein erstes Auto oder Fahrrad',
    'Etwas, das ich gewonnen habe',
    'Ein Name, den ich beinahe bekommen hätte',
    'Das letzte Mal, dass ich richtig Angst hatte',
    'Was ich jeden einzelnen Morgen tue',
    'Was ich einmal einer Lehrerin erzählt habe',
    'Meine kürzeste Freundschaft',
    'Etwas, das ich nicht wegwerfen kann',
  ],
};

/** Some ideas in a new order, without the one that stands already. */
export function drawPrompts(language: Language, count: number, random: () => number, except: string | null): string[] {
  const left = PROMPTS[language].filter((prompt) => prompt !== except);
  return left
    .map((prompt) => ({ prompt, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ prompt }) => prompt);
}
