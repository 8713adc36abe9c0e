/**
 * The link that players send to friends: a page that the server fills, with a guess form of its own for those whom the app has never met.
 * Before the guess it shows what `viewFor` shows, and nothing of a challenge that is not on stage.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Problem } from '@2t1l/contract/problems';
import { type Challenge, Id } from '@2t1l/contract/schemas';
import { SEGMENT_INDEXES } from '@2t1l/game/challenge';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { readAnalysis } from '../../flow/read-analysis.ts';
import { revealAnswer } from '../../flow/reveal-answer.ts';
import { takeGuess } from '../../flow/take-guess.ts';
import { makeGuest } from '../../players/accounts.ts';
import { findKeptGuest, type KeptGuest, takeOverGuest } from '../../players/kept-guest.ts';
import type { Ports } from '../../ports.ts';
import { feedPage } from '../../store/feed.ts';
import { viewChallenge } from '../challenges.ts';
import { addressKey, type Guard, gate } from '../gate.ts';
import { RATES } from '../limits.ts';
import { pageHeaders } from '../page-headers.ts';
import { problemOf } from '../problem-handler.ts';
import type { App } from '../route.ts';
import type { AppShell } from '../web.ts';
import { assetRoutes } from './assets.ts';
import { cardRoute } from './card.ts';
import { bootScript, documentOf } from './document.ts';
import { messageBody } from './gone.ts';
import { readGuestCookie, refuseOtherSites, setGuestCookie } from './guest-cookie.ts';
import { escapeText, type Html, html } from './html.ts';
import { previewTags, titleOf } from './preview.ts';
import { revealBody, revealParts } from './reveal.ts';
import { languageOf, type TextKey, WORDS, type Words } from './texts.ts';
import { confidenceOf, PERCENT_MAX, PERCENT_MIN, preloads, watchBody } from './watch.ts';

const FORM_BYTES = 1024;
const LOOK: Guard = { auth: 'none', scope: 'read', rate: 'read' };
const OWN_LOOK: Guard = { auth: 'player', scope: 'read', rate: 'read' };
const WRITE: Guard = { auth: 'none', scope: 'write', rate: 'write' };
const TAKE: Guard = { auth: 'none', scope: 'write', rate: 'auth' };

const Params = z.object({ id: Id });
/** As a browser writes the form. */
const GuessForm = z.object({
  guess: z.enum(['0', '1', '2']).transform((digit) => SEGMENT_INDEXES[Number(digit)] ?? 0),
  percent: z.coerce.number().int().min(PERCENT_MIN).max(PERCENT_MAX).optional(),
});

type LinkConfig = Pick<Config, 'public_url' | 'refresh_days' | 'tls'>;

export async function linkRoutes(app: App, ports: Ports, { shell, ...config }: LinkConfig & { shell: AppShell }): Promise<void> {
  const isTls = config.tls !== null;
  const headers = pageHeaders('', isTls);
  const withTokens = { ...ports, tokens: app.edge.tokens, session_days: config.refresh_days };
  const cookie = { days: config.refresh_days, isTls: isTls || config.public_url?.startsWith('https:') === true };

  assetRoutes(app);
  cardRoute(app, ports);

  await app.register(async (pages) => {
    pages.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: FORM_BYTES }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    pages.setErrorHandler(async (error, request, reply) => {
      const problem = problemOf(error);
      // a name that is not ours gets no page to stay on
      if (problem.code === 'host_not_allowed') {
        throw problem;
      }
      return sendMessage(problem, request, reply);
    });
    pages.get('/c/:id', { onRequest: gate(app, LOOK) }, async (request, reply) => {
      if ('app' in (request.query as object)) {
        return sendApp(request, reply);
      }
      const guest = await guestOf(request);
      const challenge = await challengeOf(request, guest?.id ?? null);
      if (challenge.has_guessed && guest !== null) {
        return send(request, reply, { challenge, guest, body: revealBody(await answered(challenge, guest.id), wordsFor(request)) });
      }
      return sendWatch(request, reply, { challenge, guest });
    });
    pages.post('/c/:id/guess', { onRequest: gate(app, WRITE), bodyLimit: FORM_BYTES }, guessByForm);
  });
  app.get('/c/:id/answer', { onRequest: gate(app, OWN_LOOK), schema: { params: Params } }, async (request, reply) => {
    const playerId = request.player?.id ?? '';
    const { id } = request.params as z.output<typeof Params>;
    const answer = await answered(await viewChallenge(id, playerId, ports), playerId);
    return reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(revealParts(answer, wordsFor(request)).markup);
  });
  app.post('/link/session', { onRequest: gate(app, TAKE) }, async (request, reply) => {
    refuseOtherSites(request);
    const token = readGuestCookie(request);
    if (token === null) {
      throw new Problem('session_ended');
    }
    const tokens = await takeOverGuest(token, withTokens);
    setGuestCookie(reply, null, cookie);
    return reply.header('cache-control', 'no-store').send(tokens);
  });

  async function guessByForm(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    refuseOtherSites(request);
    const known = await guestOf(request);
    const challenge = await challengeOf(request, known?.id ?? null);
    const form = GuessForm.safeParse(request.body);
    if (!form.success) {
      return sendWatch(request, reply.code(400), { challenge, guest: known, note: 'pick_first' });
    }
    const { guess, percent } = form.data;
    const player_id = known?.id ?? (await newGuest(request, reply));
    try {
      await takeGuess(
        { challenge_id: challenge.id, player_id, guess, confidence: percent === undefined ? undefined : confidenceOf(percent) },
        ports,
      );
    } catch (error) {
      if (problemOf(error).code !== 'already_guessed') {
        throw error;
      }
    }
    return reply.header('cache-control', 'no-store').redirect(`/c/${challenge.id}`, 303);
  }

  /** Costs what it costs at the API: making guests is limited by address. */
  async function newGuest(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    if (app.edge.limits) {
      const { allowed, retry_after_seconds } = await ports.limits.take(`auth:${addressKey(request.ip)}`, RATES.auth);
      if (!allowed) {
        throw new Problem('too_many_requests', { retry_after_seconds });
      }
    }
    const { player, refresh_token } = await makeGuest(request.headers['user-agent'] ?? null, withTokens);
    setGuestCookie(reply, refresh_token, cookie);
    return player.id;
  }

  async function guestOf(request: FastifyRequest): Promise<KeptGuest | null> {
    const token = readGuestCookie(request);
    return token === null ? null : findKeptGuest(token, ports);
  }

  async function challengeOf(request: FastifyRequest, playerId: string | null): Promise<Challenge> {
    const params = Params.safeParse(request.params);
    if (!params.success) {
      throw new Problem('challenge_not_found');
    }
    return viewChallenge(params.data.id, playerId, ports);
  }

  async function answered(challenge: Challenge, playerId: string) {
    const ask = { challenge_id: challenge.id, player_id: playerId };
    const reveal = await revealAnswer(ask, ports.db);
    const analysis = await readAnalysis(ask, ports);
    const { items } = await feedPage(playerId, { limit: 1, filter: 'all' }, ports);
    return { challenge, reveal, analysis, next_id: items[0]?.id ?? null };
  }

  async function sendWatch(
    request: FastifyRequest,
    reply: FastifyReply,
    { challenge, guest, note }: { challenge: Challenge; guest: KeptGuest | null; note?: TextKey },
  ): Promise<FastifyReply> {
    const body = watchBody(challenge, wordsFor(request), { note, app: (await shell())?.scripts ?? [] });
    return send(request, reply, { challenge, guest, body });
  }

  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    { challenge, guest, body }: { challenge: Challenge; guest: KeptGuest | null; body: Html },
  ): Promise<FastifyReply> {
    const words = wordsFor(request);
    const head = html`${preloads(challenge)}
${previewTags(challenge, originOf(request), words)}`;
    return sendPage(request, reply, documentOf({ words, title: titleFor(challenge, words), head, body, has_guest: guest !== null }));
  }

  async function sendMessage(problem: Problem, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (problem.status >= 500 && problem.code !== 'busy') {
      ports.log.error({ err: problem, request_id: request.id, route: request.routeOptions.url }, 'a page failed');
    }
    if (problem.retry_after_seconds !== undefined) {
      reply.header('retry-after', Math.max(1, Math.ceil(problem.retry_after_seconds)));
    }
    const words = wordsFor(request);
    const isGone = problem.code === 'challenge_not_found';
    const retry = isGone ? null : request.url.replace(/\/guess$/, '');
    const body = messageBody(
      words,
      isGone ? { title: 'gone_title', body: 'gone_body', retry } : { title: 'error_title', body: spoken(problem), retry },
    );
    const title = `${words(isGone ? 'gone_title' : 'error_title')} · 2Truths-1Lie`;
    const has_guest = readGuestCookie(request) !== null;
    return sendPage(request, reply.code(problem.status), documentOf({ words, title, head: html``, body, has_guest }));
  }

  async function sendPage(request: FastifyRequest, reply: FastifyReply, text: string): Promise<FastifyReply> {
    reply.headers(headers).headers({ 'cache-control': 'private, no-cache', vary: 'Accept-Language, Accept-Encoding, Cookie' });
    reply.type('text/html; charset=utf-8');
    return (request.headers['accept-encoding'] ?? '').includes('gzip')
      ? reply.header('content-encoding', 'gzip').send(await promisify(gzip)(text))
      : reply.send(text);
  }

  /**
   * The app's own page, with this link's preview in it: whoever copies the address from there shows the same. For every challenge: who
   * asks may be its author, whom only the app knows.
   */
  async function sendApp(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const built = await shell();
    if (built === null) {
      return reply.callNotFound();
    }
    const challenge = await challengeOf(request, null).catch((error: unknown) => {
      if (problemOf(error).code === 'challenge_not_found') {
        return null;
      }
      throw error;
    });
    const words = wordsFor(request);
    const preview = challenge === null ? null : previewTags(challenge, originOf(request), words);
    const head = html`${bootScript('app', readGuestCookie(request) !== null)}${preview}`;
    const page =
      challenge === null
        ? built.html
        : built.html
            .replace(/<meta name="description"[^>]*>/, '')
            .replace(/<title>[^<]*/, () => `<title>${escapeText(titleFor(challenge, words))}`);
    return reply
      .headers(built.headers)
      .headers({ 'cache-control': 'private, no-cache', vary: 'Accept-Language, Cookie' })
      .type('text/html; charset=utf-8')
      .send(page.replace('<head>', () => `<head>${head.markup}`));
  }

  function originOf(request: FastifyRequest): string {
    return config.public_url?.replace(/\/$/, '') ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`;
  }
}

function titleFor(challenge: Challenge, words: Words): string {
  return `${titleOf(challenge, words)} · 2Truths-1Lie`;
}

function wordsFor(request: FastifyRequest): Words {
  return WORDS[languageOf(request.headers['accept-language'])];
}

/** The problems that a visitor can do something about; of the others they hear that it was us. */
function spoken({ code }: Problem): TextKey {
  return code === 'too_many_requests' || code === 'busy' || code === 'own_challenge' ? code : 'internal';
}
