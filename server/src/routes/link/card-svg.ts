/** The picture of a link, as SVG: the stage, the poster in its frame, the mark, a title, three numbers of which none is tilted. */

import { escapeText } from './html.ts';
import { CARD_SIZE } from './preview.ts';
import type { Words } from './texts.ts';

export interface CardContent {
  title: string;
  /** Who plays; null on the neutral card. */
  author: string | null;
  /** JPEG, upright; null where there is none. */
  poster: Buffer | null;
}

/** Sizes of the title by how many letters of it fit a line of 660 pixels (Unbounded is about 0.76 em wide), largest first. */
const TITLE_SIZES = [
  { size: 64, letters: 13, lines: 2 },
  { size: 50, letters: 17, lines: 3 },
  { size: 40, letters: 21, lines: 4 },
] as const;
const LEFT = 72;

/** An SVG of `CARD_SIZE`. */
export function cardSvg({ title, author, poster }: CardContent, words: Words): string {
  const { lines, size } = titleLines(title);
  const leading = size * 1.22;
  const top = 330 - ((lines.length - 1) * leading) / 2;
  const text = lines.map(
    (line, index) => `<text x="${LEFT}" y="${top + index * leading}" class="heavy" font-size="${size}">${escapeText(line)}</text>`,
  );
  const { width, height } = CARD_SIZE;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<style>text{font-family:Unbounded;font-weight:600;fill:#f6f2ff}.heavy{font-weight:800}</style>
<defs>
<radialGradient id="wash" cx="930" cy="-90" r="900" gradientUnits="userSpaceOnUse"><stop offset="0" stop-color="#6b4bd8"/><stop offset=".42" stop-color="#3a2590"/><stop offset=".78" stop-color="#160d33"/><stop offset="1" stop-color="#0d0a1a"/></radialGradient>
<linearGradient id="beam" x2="0" y2="1"><stop offset="0" stop-color="#efe6ff" stop-opacity=".2"/><stop offset="1" stop-color="#efe6ff" stop-opacity="0"/></linearGradient>
<clipPath id="frame"><rect x="800" y="48" width="300" height="534" rx="34"/></clipPath>
</defs>
<rect width="${width}" height="${height}" fill="#0d0a1a"/><rect width="${width}" height="${height}" fill="url(#wash)"/>
${[150, 110, 70].map((half) => `<path d="M${950 - half / 3} 0H${950 + half / 3}L${950 + 2 * half} 630H${950 - 2 * half}Z" fill="url(#beam)"/>`).join('')}
<g transform="translate(${LEFT} 62) scale(1.55)"><circle cx="5" cy="9" r="9" fill="#4fe3c1"/><circle cx="25" cy="9" r="9" fill="#4fe3c1"/><rect x="5" y="20" width="20" height="18" rx="5" fill="#ff6b4a" transform="rotate(-10 15 29)"/></g>
<text x="${LEFT + 76}" y="104" font-size="26">2Truths-1Lie</text>
${author === null ? '' : `<text x="${LEFT}" y="196" font-size="28" style="fill:#ffd166">${escapeText(shortened(author, 28))}</text>`}
${text.join('')}
${['1', '2', '3'].map((number, index) => `<rect x="${LEFT + index * 92}" y="492" width="78" height="78" rx="22" fill="#f6f2ff" fill-opacity=".1" stroke="#f6f2ff" stroke-opacity=".3"/><text x="${LEFT + 39 + index * 92}" y="545" text-anchor="middle" class="heavy" font-size="38">${number}</text>`).join('')}
<text x="${LEFT + 292}" y="540" font-size="24">${escapeText(words('question'))}</text>
${framed(poster)}
</svg>`;
}

/** The poster behind a play button; without one the mark, large. */
function framed(poster: Buffer | null): string {
  if (poster === null) {
    return '<g transform="translate(830 190) scale(5)"><circle cx="14" cy="15" r="9" fill="#4fe3c1"/><circle cx="34" cy="15" r="9" fill="#4fe3c1"/><rect x="14" y="26" width="20" height="18" rx="5" fill="#ff6b4a" transform="rotate(-10 24 35)"/></g>';
  }
  return `<g clip-path="url(#frame)"><image x="800" y="48" width="300" height="534" preserveAspectRatio="xMidYMid slice" href="data:image/jpeg;base64,${poster.toString('base64')}"/></g>
<rect x="800" y="48" width="300" height="534" rx="34" fill="none" stroke="#f6f2ff" stroke-opacity=".35" stroke-width="3"/>
<circle cx="950" cy="498" r="46" fill="#f6f2ff"/><path d="M937 474v48l39-24z" fill="#1b1233"/>`;
}

function titleLines(title: string): { lines: string[]; size: number } {
  for (const { size, letters, lines } of TITLE_SIZES) {
    const wrapped = wrap(title, letters);
    if (wrapped.length <= lines) {
      return { lines: wrapped, size };
    }
  }
  const { size, letters, lines } = TITLE_SIZES[2];
  const wrapped = wrap(title, letters);
  return { lines: [...wrapped.slice(0, lines - 1), shortened(`${wrapped[lines - 1]}…`, letters)], size };
}

/** Lines of at most `letters`, broken between words where they are short enough. */
function wrap(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const parts = [...word].length <= letters ? [word] : ([...word].join('').match(new RegExp(`.{1,${letters}}`, 'gu')) ?? []);
    for (const part of parts) {
      const last = lines.at(-1);
      if (last !== undefined && [...last].length + 1 + [...part].length <= letters) {
        lines[lines.length - 1] = `${last} ${part}`;
      } else {
        lines.push(part);
      }
    }
  }
  return lines;
}

function shortened(text: string, letters: number): string {
  const all = [...text];
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join('')}…`;
}
