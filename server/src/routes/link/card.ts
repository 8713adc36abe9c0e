/** `/c/:id/card.png`: the picture that a pasted link shows. Drawn when it is first asked for, one at a time, and kept for a while. */
import { buffer } from 'node:stream/consumers';
import { Problem } from '@2t1l/contract/problems';
import { Id } from '@2t1l/contract/schemas';
import { type PublicView, viewFor } from '@2t1l/game/view';
import { renderAsync } from '@resvg/resvg-js';
import type { FastifyRequest } from 'fastify';
import type { Ports } from '../../ports.ts';
import { loadFacts } from '../../store/facts.ts';
import { addressKey, type Guard, gate } from '../gate.ts';
import type { App } from '../route.ts';
import { FONT_PATHS } from './assets.ts';
import { type CardContent, cardSvg } from './card-svg.ts';
import { titleOf } from './preview.ts';
import { type Language, WORDS } from './texts.ts';

const LOOK: Guard = { auth: 'none', scope: 'read', rate: 'read' };
/** Cards that one address may have drawn; those that lie here already cost nothing. */
const DRAWN = { points: 30, seconds: 60 };
const KEPT_BYTES = 16 * 1024 * 1024;
const WAITING_MAX = 20;
const HOUR_SECONDS = 3600;
/** What Unbounded can write; other scripts take the system's fonts, which are slow to look through. */
const WRITTEN = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Common}]*$/u;

/** Nothing of a challenge that is not on stage: it gets the card of one that never was. */
export function cardRoute(app: App, ports: Ports): void {
  const kept = new Map<string, Buffer>();
  let keptBytes = 0;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  app.get('/c/:id/card.png', { onRequest: gate(app, LOOK) }, async (request, reply) => {
    const language: Language = (request.query as { lang?: unknown }).lang === 'de' ? 'de' : 'en';
    const view = await viewOf(request);
    const key = view === null ? language : `${language} ${view.id} ${view.poster_hash}`;
    const png = kept.get(key) ?? (await draw(key, view, language, request));
    reply.header('cache-control', `public, max-age=${view === null ? HOUR_SECONDS / 12 : HOUR_SECONDS}`);
    return reply.header('cross-origin-resource-policy', 'cross-origin').type('image/png').send(png);
  });

  async function viewOf(request: FastifyRequest): Promise<PublicView | null> {
    const id = Id.safeParse((request.params as { id?: unknown }).id);
    const facts = id.success ? await loadFacts(ports.db, id.data, null) : null;
    return facts === null ? null : viewFor(facts, { player_id: null, has_guessed: false });
  }

  async function draw(key: string, view: PublicView | null, language: Language, request: FastifyRequest): Promise<Buffer> {
    if (app.edge.limits) {
      const { allowed, retry_after_seconds } = await ports.limits.take(`card:${addressKey(request.ip)}`, DRAWN);
      if (!allowed) {
        throw new Problem('too_many_requests', { retry_after_seconds });
      }
    }
    if (waiting >= WAITING_MAX) {
      throw new Problem('busy', { retry_after_seconds: 2 });
    }
    waiting += 1;
    const turn = last.then(async () => kept.get(key) ?? keep(key, await render(await contentOf(view, language), language)));
    last = turn.catch(() => undefined).finally(() => (waiting -= 1));
    return turn;
  }

  async function contentOf(view: PublicView | null, language: Language): Promise<CardContent> {
    const words = WORDS[language];
    if (view === null) {
      return { title: words('card_neutral'), author: null, poster: null };
    }
    const poster = view.poster_hash === null ? null : await buffer(await ports.blobs.read(view.poster_hash));
    return { title: titleOf(view, words), author: view.author.username, poster };
  }

  /** The oldest go when there are too many. */
  function keep(key: string, png: Buffer): Buffer {
    kept.set(key, png);
    keptBytes += png.length;
    for (const [oldest, { length }] of kept) {
      if (keptBytes <= KEPT_BYTES) {
        break;
      }
      kept.delete(oldest);
      keptBytes -= length;
    }
    return png;
  }
}

/** On libuv's threads, so that nobody waits for it. */
async function render(content: CardContent, language: Language): Promise<Buffer> {
  const isWritten = WRITTEN.test(`${content.title}${content.author ?? ''}`);
  const font = { fontFiles: Object.values(FONT_PATHS), defaultFontFamily: 'Unbounded', loadSystemFonts: !isWritten };
  return (await renderAsync(cardSvg(content, WORDS[language]), { font, languages: [language] })).asPng();
}
