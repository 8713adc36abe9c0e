/** The tells below the answer: the strongest signal or none, one comparison of the three, and what the app says of them. No script. */
import type { Analysis, Tells } from '@2t1l/contract/analysis';
import { LUCK, missingLines, signalRows, TELL_TEXTS } from '@2t1l/contract/tell-report';
import { TELL_WORDS, type TellWords, tellWords } from '@2t1l/contract/tell-words';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { type Html, html } from './html.ts';
import { filled, percentText, type Words } from './texts.ts';

/** For somebody whose guess is stored; what is not measured yet is left to the app, which waits for it. */
export function tellsPanel(analysis: Analysis, { id, lie_index }: { id: string; lie_index: SegmentIndex }, words: Words): Html {
  const t = (key: keyof (typeof TELL_TEXTS)['en'], values?: Parameters<typeof filled>[1]) =>
    filled(TELL_TEXTS[words.language][key], values);
  const said = tellWords((key, values) => filled(TELL_WORDS[words.language][key], values), words.language);
  return html`<section class="panel tells"><h2>${t('title')}</h2>${content()}</section>`;

  function content(): Html {
    const { tells, status } = analysis;
    if (analysis.emotion_analysis.segments.every((segment) => segment.status === 'declined')) {
      return html`<p class="plain">${t('declined')}</p>`;
    }
    if (status === 'pending' || status === 'running') {
      return html`<p class="plain">${t('pending')}</p><a class="second" href="/c/${id}?app">${words('app')}</a>`;
    }
    if (status === 'failed') {
      return html`<p class="plain">${t('failed')}</p>`;
    }
    const missing = missingLines(analysis, t).map((line) => html`<p>${line}</p>`);
    const compared = tells && comparison(tells, said);
    if (tells === null || (compared === null && tells.strongest === null)) {
      return html`<p class="plain">${t('nothing')}</p>${missing}`;
    }
    const counted = record(tells);
    return html`<p>${t('notice')}</p><p class="strongest">${strongest(tells)}</p>
${tells.strongest === null && html`<p>${t('none_why')}</p>`}${counted !== null && html`<p>${counted}</p>`}${missing}
${compared}
<p>${t('notice_viewer')}</p>`;
  }

  function strongest({ strongest: signal, segments }: Tells): string {
    if (signal === null) {
      return t('none');
    }
    const number = signal.segment_index + 1;
    const measured = segments[signal.segment_index]?.signals.find(({ name }) => name === signal.name);
    const difference = measured === undefined ? null : said.difference(measured);
    return difference === null ? t('unknown', { number }) : t('strongest', { number, difference });
  }

  /** Of a signal that is not there, nothing need be said as long as nothing is known. */
  function record({ record: counted, strongest: signal }: Tells): string | null {
    const luck = percentText(LUCK, words.language);
    if (counted === null) {
      return signal === null ? null : t('no_record', { luck });
    }
    const { challenges: count, pointed, crowd_share } = counted;
    const share = percentText(pointed / count, words.language);
    const crowd = crowd_share === null ? '' : ` ${t('record_crowd', { share: percentText(crowd_share, words.language) })}`;
    return t(count === 1 ? 'record_one' : 'record_other', { share, count, luck }) + crowd;
  }

  /** The strongest signal in the three, else the one that differs most. */
  function comparison(tells: Tells, { name, amount }: TellWords): Html | null {
    const rows = signalRows(tells).filter((row) => name(row.name) !== null);
    const row = rows.find(({ mark }) => mark !== null) ?? rows[0];
    if (row === undefined) {
      return null;
    }
    return html`<h3>${name(row.name)}</h3>
<ol class="compared">${SEGMENT_INDEXES.map((index) => {
      const [number, value, bar] = [index + 1, row.values[index] ?? null, row.bars[index] ?? null];
      const spoken = value === null ? t('no_value', { number }) : t('value', { number, value: amount(value, row.unit) });
      const sign = index === lie_index ? 'lie' : 'truth';
      return html`<li${row.mark === index && { markup: ' class="marked"' }}><span class="unseen">${spoken}</span><span class="sign ${sign}" aria-hidden="true">${number}</span>
<svg aria-hidden="true" width="100%" height="8"><rect width="100%" height="8"/>${bar !== null && html`<rect class="part" width="${Math.round(bar * 100)}%" height="8"/>`}</svg>
<span class="value" aria-hidden="true">${value === null ? '–' : amount(value, row.unit)}</span></li>`;
    })}</ol>`;
  }
}
