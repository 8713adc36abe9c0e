/** What a link shows where it is pasted: Open Graph (ogp.me) and X's cards. Never more than an author, a title and the question. */
import type { Challenge } from '@2t1l/contract/schemas';
import { type Html, html } from './html.ts';
import type { Words } from './texts.ts';

export const CARD_SIZE = { width: 1200, height: 630 } as const;

/** The challenge's title, or whose it is where it has none. */
export function titleOf(challenge: Pick<Challenge, 'title' | 'author'>, words: Words): string {
  return challenge.title.trim() || words('by', { name: challenge.author.username });
}

/** The tags of a challenge's page; `origin` without a slash at its end. */
export function previewTags(challenge: Challenge, origin: string, words: Words): Html {
  const address = `${origin}/c/${challenge.id}`;
  const name = challenge.author.username;
  const title = `${titleOf(challenge, words)} · ${words('question')}`;
  const description = words('lead', { name });
  const card = `${address}/card.png?lang=${words.language}`;
  return html`<meta name="description" content="${description}">
<link rel="canonical" href="${address}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="2Truths-1Lie">
<meta property="og:locale" content="${words.language === 'de' ? 'de_DE' : 'en_US'}">
<meta property="og:url" content="${address}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<meta property="og:image" content="${card}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="${CARD_SIZE.width}">
<meta property="og:image:height" content="${CARD_SIZE.height}">
<meta property="og:image:alt" content="${words('card_alt', { title: titleOf(challenge, words), name })}">
<meta name="twitter:card" content="summary_large_image">
<meta name="twitter:title" content="${title}">
<meta name="twitter:description" content="${description}">
<meta name="twitter:image" content="${card}">`;
}
