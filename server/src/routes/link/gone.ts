/** The page for everything that did not work: what happened, and what to do. */

import { MARK } from './document.ts';
import { type Html, html } from './html.ts';
import type { TextKey, Words } from './texts.ts';

/** `body` in the visitor's words; `retry` is the address to try again, null where that is in vain. */
export function messageBody(words: Words, { title, body, retry }: { title: TextKey; body: TextKey; retry: string | null }): Html {
  return html`<body class="message"><main>
<div class="empty">${MARK}<h1>${words(title)}</h1><p>${words(body)}</p>
<p class="onward">${retry !== null && html`<a class="main" href="${retry}">${words('retry')}</a>`}<a class="${retry === null ? 'main' : 'second'}" href="/">${words('play_another')}</a></p></div>
</main></body>`;
}
