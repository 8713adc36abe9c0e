/** The page before the guess: the film on its stage, three numbers, how sure, one button. It is a plain form; play.js makes it quick. */
import { API_PREFIX } from '@2t1l/contract/endpoints';
import type { Challenge } from '@2t1l/contract/schemas';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { CANVAS_HEIGHT, CANVAS_WIDTH } from '@2t1l/game/limits';
import { QUICK_CONFIDENCE, score } from '@2t1l/game/score';
import { ASSETS } from './assets.ts';
import { MARK } from './document.ts';
import { type Html, html } from './html.ts';
import { titleOf } from './preview.ts';
import { scoreText, type TextKey, type Words } from './texts.ts';

/** The dial's ends: an even split, and certain. Percent are whole. */
export const PERCENT_MIN = 33;
export const PERCENT_MAX = 100;

/** What play.js may have to say. */
const SPOKEN: readonly TextKey[] = [
  'play',
  'pause',
  'replay',
  'speed',
  'dial_value',
  'lock_empty',
  'lock_stakes',
  'locking',
  'picked',
  'kept',
  'kept_body',
  'broken',
  'broken_body',
  'offline',
  'own_challenge',
  'challenge_not_found',
  'too_many_requests',
  'busy',
  'internal',
];

/** The confidence the rules know: the left end is exactly a third, not 33 %. */
export function confidenceOf(percent: number): number {
  return percent <= PERCENT_MIN ? 1 / 3 : percent / 100;
}

/** Loaded before any script has run: the poster at once, the video's head. */
export function preloads({ poster_url }: Challenge): Html {
  return html`${poster_url !== null && html`<link rel="preload" as="image" href="${poster_url}" fetchpriority="high">`}
<link rel="preload" as="font" type="font/ttf" href="${ASSETS.heavy}" crossorigin>`;
}

/** The body; `note` is why a guess that was sent did not count, `app` the programs of the app, to be fetched when there is time. */
export function watchBody(challenge: Challenge, words: Words, { note, app }: { note?: TextKey | undefined; app: readonly string[] }): Html {
  return html`<body data-id="${challenge.id}" data-commitment="${challenge.commitment ?? ''}" data-app="${app.join(' ')}">
<main>
${filmStage(challenge, words)}
<div class="sheet">
${guessForm(challenge, words, note)}
<p class="more"><a href="/c/${challenge.id}?app">${words('app')}</a></p>
</div>
</main>
<script src="${ASSETS.play}" defer data-words="${JSON.stringify(Object.fromEntries(SPOKEN.map((key) => [key, words(key)])))}"></script>
</body>`;
}

/** The film with everything that lies over it. Without scripts the browser's own controls are there. */
export function filmStage(challenge: Challenge, words: Words): Html {
  const { id, author, segments, statements, video_url, poster_url } = challenge;
  const hasLines = statements.some((line) => line !== null);
  return html`<section class="stage" aria-label="${words('film')}">
<video id="film" playsinline controls preload="metadata" width="${CANVAS_WIDTH}" height="${CANVAS_HEIGHT}"${
    poster_url !== null && html` poster="${poster_url}"`
  } src="${video_url ?? ''}">
<track kind="captions" label="${words('captions')}" src="${API_PREFIX}/challenges/${id}/captions"${hasLines && { markup: ' default' }}>
<a href="${API_PREFIX}/challenges/${id}/video">${words('video_open')}</a>
</video>
<div class="shade"></div>
<button class="tap quick" type="button" aria-label="${words('play')}"><span class="big" aria-hidden="true"></span></button>
<div class="over">
<div class="bars quick">${segments.map(
    ({ start_seconds, end_seconds }, index) =>
      html`<button type="button" data-start="${start_seconds}" data-end="${end_seconds}" aria-label="${words('jump', { number: index + 1 })}"><i><b></b></i><span>${index + 1}</span></button>`,
  )}</div>
<div class="who">
<span class="avatar" aria-hidden="true">${[...author.username][0]?.toUpperCase() ?? '?'}</span>
<p><strong>${author.username}</strong><span${author.is_house && { markup: ' class="gold"' }}>${underName(challenge, words)}</span></p>
${hasLines && html`<button class="chip quick" type="button" id="captions" aria-pressed="true" aria-label="${words('captions')}">CC</button>`}
<button class="chip quick" type="button" id="speed" aria-label="${words('speed', { speed: '1×' })}">1×</button>
<a class="home" href="/" aria-label="2Truths-1Lie">${MARK}</a>
</div>
</div>
<div class="failed" role="alert" hidden><p>${words('video_failed')}</p><button class="second" type="button">${words('video_retry')}</button></div>
</section>`;
}

/** The line under the author’s name: how many have guessed, or that nobody need wonder who this is. */
export function underName({ author, guess_count: count }: Challenge, words: Words): string {
  return author.is_house ? words('house') : words(count === 0 ? 'guessed_zero' : count === 1 ? 'guessed_one' : 'guessed_other', { count });
}

function guessForm(challenge: Challenge, words: Words, note: TextKey | undefined): Html {
  const percent = Math.round(QUICK_CONFIDENCE * 100);
  return html`<form id="guess" method="post" action="/c/${challenge.id}/guess" data-stakes="${stakes()}">
<h1>${titleOf(challenge, words)}</h1>
<fieldset>
<legend>${words('question')}</legend>
<div class="tiles">${SEGMENT_INDEXES.map((index) => tile(index, challenge.statements[index] ?? null, words))}</div>
</fieldset>
<div class="sure">
<label for="percent">${words('dial')}</label>
<div class="dial">
<p class="end"><button class="step quick" type="button" data-step="-1" aria-label="${words('dial_less')}">−</button><span>${words('dial_low')}</span></p>
<div class="gauge">
${GAUGE}
<output class="quick" aria-hidden="true">${percent} %</output>
<input id="percent" name="percent" type="range" min="${PERCENT_MIN}" max="${PERCENT_MAX}" value="${percent}">
</div>
<p class="end"><button class="step quick" type="button" data-step="1" aria-label="${words('dial_more')}">+</button><span>${words('dial_high')}</span></p>
</div>
</div>
<p class="note" role="alert"${note === undefined && { markup: ' hidden' }}>${note !== undefined && words(note)}</p>
<button class="main" type="submit">${words('lock')}</button>
</form>`;
}

function tile(index: SegmentIndex, statement: string | null, words: Words): Html {
  const number = index + 1;
  const label = statement === null ? words('pick', { number }) : words('pick_said', { number, statement });
  return html`<label class="tile"><input type="radio" name="guess" value="${index}" required aria-label="${label}"><b aria-hidden="true">${number}</b><span aria-hidden="true">${statement ?? ''}</span><em aria-hidden="true">${words('picked')}</em></label>`;
}

/** Right and wrong for every percent of the dial, from its left end on: the one rule is in the game. */
function stakes(): string {
  const [pick, other] = [0, 1] as const;
  return Array.from({ length: PERCENT_MAX - PERCENT_MIN + 1 }, (_, step) => {
    const guess = { guess: pick, confidence: confidenceOf(PERCENT_MIN + step) };
    return `${scoreText(score(guess, pick))} ${scoreText(score(guess, other))}`;
  }).join(',');
}

/** A half circle of length 100 that fills, and a needle; play.js turns them. */
const GAUGE: Html = {
  markup: `<svg class="arc quick" viewBox="0 0 232 124" aria-hidden="true"><defs><linearGradient id="sure" x2="1"><stop class="s1"/><stop offset=".55" class="s2"/><stop offset="1" class="s3"/></linearGradient></defs><path d="M18 112A98 98 0 0 1 214 112" pathLength="100"/><path class="full" d="M18 112A98 98 0 0 1 214 112" pathLength="100"/><g class="needle"><path d="M116 50V28"/><circle cx="116" cy="112" r="8"/></g></svg>`,
};
