/** The answer, for somebody whose guess is stored: the card that turns, the three statements, the story, the seal, and where to go from here. */
import type { Analysis } from '@2t1l/contract/analysis';
import type { Challenge, Reveal } from '@2t1l/contract/schemas';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { type Html, html } from './html.ts';
import { titleOf } from './preview.ts';
import { tellsPanel } from './tells.ts';
import { percentText, scoreText, type Words } from './texts.ts';
import { filmStage, underName } from './watch.ts';

interface Answered {
  challenge: Challenge;
  reveal: Reveal;
  /** As it stands; it may still be going on. */
  analysis: Analysis;
  /** Another challenge that this player has not guessed. */
  next_id: string | null;
}

/** The whole body, where no script puts the answer into the page. */
export function revealBody(answered: Answered, words: Words): Html {
  return html`<body class="revealed"><main>
<div class="sheet">${revealParts(answered, words)}</div>
${filmStage(answered.challenge, words)}
</main></body>`;
}

/** What takes the place of the form; `data-under-name` is what play.js writes over the film, where one guess more is counted now. */
export function revealParts({ challenge, reveal, analysis, next_id }: Answered, words: Words): Html {
  const { own } = reveal;
  return html`<div class="reveal" data-under-name="${underName(challenge, words)}">
<h1>${titleOf(challenge, words)}</h1>
${own !== null && resultCard(reveal, own, words)}
<section class="panel">
<h2>${words('answer')} <small>${words(reveal.crowd.guesses === 1 ? 'crowd_one' : 'crowd_other', { count: reveal.crowd.guesses })}</small></h2>
<ol class="answer">${SEGMENT_INDEXES.map((index) => row(index, { challenge, reveal }, words))}</ol>
</section>
<section class="panel"><h2>${words('story')}</h2><p class="story">${reveal.story ?? words('no_story')}</p></section>
${tellsPanel(analysis, { id: challenge.id, lie_index: reveal.lie_index }, words)}
${seal(reveal, words)}
<section class="panel keep"><h2>${words('keep_title')}</h2><p>${words('keep_body')}</p>
<a class="second" href="/welcome?mode=upgrade">${words('keep_action')}</a></section>
<p class="onward"><a class="main" href="${next_id === null ? '/' : `/c/${next_id}`}">${words('next')}</a><a class="second" href="/c/${challenge.id}?app">${words('app')}</a></p>
</div>`;
}

function resultCard(reveal: Reveal, own: NonNullable<Reveal['own']>, words: Words): Html {
  const values = { given: percentText(own.confidence, words.language), pick: own.guess + 1, lie: reveal.lie_index + 1 };
  const [verdict, explained] = own.correct ? (['right', 'explain_right'] as const) : (['wrong', 'explain_wrong'] as const);
  return html`<section class="result ${verdict}" tabindex="-1">
<div class="face"><div><h2>${words(verdict)}</h2><p class="score" role="img" aria-label="${words('points', { score: own.score })}">${scoreText(own.score)}</p></div><span class="sign lie" aria-hidden="true">${reveal.lie_index + 1}</span>
<p>${words(explained, values)}</p></div>
<div class="front" aria-hidden="true"><span class="sign lie">${own.guess + 1}</span><p>${words('front', { pick: own.guess + 1 })}</p></div>
</section>`;
}

function row(index: SegmentIndex, { challenge, reveal }: Pick<Answered, 'challenge' | 'reveal'>, words: Words): Html {
  const isLie = index === reveal.lie_index;
  const share = percentText(reveal.crowd.shares[index] ?? 0, words.language);
  return html`<li class="${isLie ? 'lie' : 'truth'}"><span class="sign ${isLie ? 'lie' : 'truth'}" aria-hidden="true">${index + 1}</span>
<div><p class="said">${challenge.statements[index] ?? words('statement', { number: index + 1 })}</p>
<p class="verdict"><b>${words(isLie ? 'was_lie' : 'was_truth')}</b>${reveal.own?.guess === index && html` · ${words('your_pick')}`}</p>
<svg class="share" aria-hidden="true" width="100%" height="5"><rect width="100%" height="5"/><rect class="part" width="${Math.round((reveal.crowd.shares[index] ?? 0) * 100)}%" height="5"/></svg></div>
<p class="crowd"><span aria-hidden="true">${share}</span><span class="unseen">${words('crowd_share', { share })}</span></p></li>`;
}

/** Nobody has checked anything yet: play.js does, where there is one, and says so in these two lines. */
function seal({ commitment, nonce, lie_index }: Reveal, words: Words): Html {
  return html`<section class="panel seal" data-commitment="${commitment}" data-nonce="${nonce}" data-lie="${lie_index}">
<h2>${words('kept')} <small>${commitment.slice(0, 4)}…${commitment.slice(-4)}</small></h2><p>${words('sealed_body')}</p>
<details><summary>SHA-256</summary><dl><dt>${words('seal')}</dt><dd>${commitment}</dd><dt>${words('seal_key')}</dt><dd>${nonce}</dd></dl></details>
</section>`;
}
