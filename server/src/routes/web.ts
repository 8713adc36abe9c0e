/** The built web app: files as they are, and its page for every address that a browser opens. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { checkHost } from './gate.ts';
import { bootScript } from './link/document.ts';
import { readGuestCookie } from './link/guest-cookie.ts';
import type { PageFallback } from './not-found.ts';
import { pageHeaders } from './page-headers.ts';
import type { App } from './route.ts';

/** Names that carry a hash of their content never change. */
const HASHED = /[.-][0-9a-f]{16,}\.\w+$/i;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>2Truths-1Lie</title>
<style>body{font:18px/1.6 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1.5rem;background:#0d0a1a;color:#f4f1ff}code{background:#2a2342;padding:.1em .4em;border-radius:.3em}a{color:#b9a5ff}</style>
<h1>The server is running</h1><p>The web app has not been built yet. <code>npm start</code> builds it and starts everything;
<code>npm run dev</code> starts it for development.</p><p>The API answers below <code>/api/v1</code>; <a href="/docs">its documentation</a> is here already.</p></html>`;

type WebConfig = Pick<Config, 'web_dir' | 'tls'>;

/** Files of `web_dir` at `/`; those that are missing go on to the not-found handler. */
export async function webRoutes(app: App, config: WebConfig): Promise<void> {
  const { web_dir } = config;
  if (web_dir === null) {
    return;
  }
  await app.register(fastifyStatic, {
    root: web_dir,
    serve: false,
    index: false,
    preCompressed: true,
    decorateReply: true,
    cacheControl: false,
  });
  app.get('/*', async (request, reply) => {
    checkHost(app.edge, request);
    const [path = '/'] = request.url.split('?', 1);
    if (path.endsWith('/') || path.endsWith('.html')) {
      return reply.callNotFound();
    }
    reply.header('cache-control', HASHED.test(path) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
    return reply.sendFile(decoded(path), { dotfiles: path.startsWith('/.well-known/') ? 'allow' : 'ignore' });
  });
}

/** The app's built page with its headers and the programs it begins with; null where it has not been built. */
export type AppShell = () => Promise<{ html: string; headers: Record<string, string>; scripts: string[] } | null>;

/** Reads the page once for each time that it was built. */
export function appShell(config: WebConfig): AppShell {
  let cached: { modified_ms: number; html: string; headers: Record<string, string>; scripts: string[] } | null = null;
  return async () => {
    if (config.web_dir === null) {
      return null;
    }
    const path = join(config.web_dir, 'index.html');
    const stats = await stat(path).catch(() => null);
    if (stats === null) {
      return null;
    }
    if (cached === null || cached.modified_ms !== stats.mtimeMs) {
      const html = await readFile(path, 'utf8');
      const scripts = [...html.matchAll(/<script[^>]*\ssrc="([^"\s]+)"/gi)].map((match) => match[1] ?? '');
      cached = { modified_ms: stats.mtimeMs, html, headers: pageHeaders(html, config.tls !== null), scripts };
    }
    return cached;
  };
}

/** The app's page for every address that a browser navigates to. */
export function pageFallback(shell: AppShell, config: WebConfig): PageFallback {
  return (request, reply) => (wantsPage(request) ? sendPage(request, reply) : null);

  async function sendPage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const page = (await shell()) ?? { html: NOT_BUILT, headers: pageHeaders(NOT_BUILT, config.tls !== null) };
    // Whoever has played without scripts is the same player in the app.
    const html = readGuestCookie(request) === null ? page.html : page.html.replace('<head>', `<head>${bootScript('app', true).markup}`);
    return reply
      .code(200)
      .headers(page.headers)
      .header('cache-control', 'no-cache')
      .header('content-type', 'text/html; charset=utf-8')
      .send(html);
  }
}

function wantsPage({ method, headers, url }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') {
    return false;
  }
  const accept = headers.accept ?? '*/*';
  // Previews and curl ask for the first page without naming HTML.
  return accept.includes('text/html') || (accept.includes('*/*') && url.split('?', 1)[0] === '/');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
