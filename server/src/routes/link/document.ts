/** What every page of the link stands in: the head with what a preview shows, the style, the scripts. */
import { readFileSync } from 'node:fs';
import { ASSETS } from './assets.ts';
import { type Html, html } from './html.ts';
import type { Words } from './texts.ts';

/** One line a rule; what is only for people is taken out. */
const STYLE = readFileSync(new URL('./style.css', import.meta.url), 'utf8')
  .replace(/\/\*[\s\S]*?\*\//g, '')
  .replace(/\s*\n\s*/g, ' ');
const FACES = [
  ['600', ASSETS.display],
  ['800', ASSETS.heavy],
].map(([weight, path]) => `@font-face{font-family:Unbounded;font-weight:${weight};font-display:swap;src:url(${path}) format("truetype")}`);

export interface Page {
  words: Words;
  title: string;
  /** Tags of this page's own. */
  head: Html;
  body: Html;
  /** True where the visitor's session lies in the cookie. */
  has_guest: boolean;
}

/** The whole document, as text. */
export function documentOf({ words, title, head, body, has_guest }: Page): string {
  return html`<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
${bootScript('light', has_guest)}
${head}
<meta name="robots" content="noindex">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0d0a1a">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbf7f0">
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<style>${{ markup: FACES.join('') + STYLE }}</style>
</head>
${body}
</html>
`.markup;
}

/** The script that decides, before anything is drawn, who shows the page. */
export function bootScript(page: 'light' | 'app', hasGuest: boolean): Html {
  return html`<script src="${ASSETS.boot}" data-page="${page}"${hasGuest && { markup: ' data-guest' }}></script>`;
}

/** The mark: two round truths and a tilted lie. */
export const MARK: Html = {
  markup:
    '<svg class="mark" viewBox="0 0 48 48" role="img" aria-label="2Truths-1Lie"><circle cx="14" cy="15" r="9"/><circle cx="34" cy="15" r="9"/><rect x="14" y="26" width="20" height="18" rx="5" transform="rotate(-10 24 35)"/></svg>',
};
