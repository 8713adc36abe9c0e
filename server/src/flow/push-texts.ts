/** What a notification says, in the device's language. Never who guessed, nor whether they were right. */
import type { News } from '../ports.ts';

type PushLanguage = 'en' | 'de';

interface PushWords {
  title: string;
  body: string;
}

/** Of `news` about the challenge called `title`; `count` is of guesses, or of new challenges. */
export function pushWords(language: PushLanguage, news: News, { title, count }: { title: string; count: number }): PushWords {
  const name = title === '' ? UNTITLED[language] : QUOTED[language](title);
  return TEXTS[language][news](name, count);
}

/** A number of new challenges beyond which nobody counts. */
export const DIGEST_MOST = 20;

const UNTITLED: Record<PushLanguage, string> = { en: 'Your challenge', de: 'Deine Runde' };
const QUOTED: Record<PushLanguage, (title: string) => string> = { en: (title) => `“${title}”`, de: (title) => `„${title}“` };
const many = (count: number) => (count > DIGEST_MOST ? `${DIGEST_MOST}+` : String(count));

const TEXTS: Record<PushLanguage, Record<News, (name: string, count: number) => PushWords>> = {
  en: {
    published: (name) => ({ title: 'You are on air', body: `${name} is out. Now let them guess.` }),
    failed: (name) => ({ title: 'That step did not work', body: `${name} is waiting for you. Your recordings are safe.` }),
    refused: (name) => ({ title: 'One clip needs another take', body: `${name} goes on as soon as you have recorded it again.` }),
    guessed: (name, count) =>
      count === 1
        ? { title: 'The first guess is in', body: `Somebody has made up their mind about ${name}.` }
        : { title: `${count} guesses so far`, body: `${name} keeps them guessing.` },
    digest: (_name, count) => ({
      title: count === 1 ? 'One new challenge' : `${many(count)} new challenges`,
      body: 'Two truths, one lie. Do you catch it?',
    }),
    test: () => ({ title: 'It works', body: 'This is how we tell you when somebody guesses.' }),
  },
  de: {
    published: (name) => ({ title: 'Du bist auf Sendung', body: `${name} ist draußen. Jetzt lass sie raten.` }),
    failed: (name) => ({ title: 'Dieser Schritt hat nicht geklappt', body: `${name} wartet auf dich. Deine Aufnahmen sind sicher.` }),
    refused: (name) => ({ title: 'Ein Clip muss noch einmal her', body: `${name} geht weiter, sobald du ihn neu aufgenommen hast.` }),
    guessed: (name, count) =>
      count === 1
        ? { title: 'Der erste Tipp ist da', body: `Jemand hat sich entschieden: ${name}.` }
        : { title: `${count} Tipps bisher`, body: `${name} gibt ihnen zu raten.` },
    digest: (_name, count) => ({
      title: count === 1 ? 'Eine neue Runde' : `${many(count)} neue Runden`,
      body: 'Zwei Wahrheiten, eine Lüge. Erwischst du sie?',
    }),
    test: () => ({ title: 'Es klappt', body: 'So sagen wir dir Bescheid, wenn jemand tippt.' }),
  },
};
