/** Addresses and methods that no route answers. */
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkHost } from './gate.ts';

/** Answers a page where a browser asks for one; null where there is none for that request. */
export type PageFallback = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | null;

/** `not_found`, or `method_not_allowed` with `Allow` where the address has other methods. Call it before the routes are registered. */
export function answerUnknown(app: FastifyInstance, pageFallback: PageFallback): void {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url === '*' || url === '/*') {
      return;
    }
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const one of [method].flat()) {
      route.methods.add(one);
    }
    routes.set(url, route);
  });

  app.setNotFoundHandler(async (request, reply) => {
    checkHost(app.edge, request);
    const [path = ''] = request.url.split('?', 1);
    const methods = new Set([...routes.values()].filter(({ pattern }) => pattern.test(path)).flatMap((route) => [...route.methods]));
    if (methods.size > 0 && !methods.has(request.method)) {
      reply.header('allow', [...methods].sort().join(', '));
      throw new Problem('method_not_allowed');
    }
    const page = path.startsWith(`${API_PREFIX}/`) ? null : pageFallback(request, reply);
    if (page === null) {
      throw new Problem('not_found');
    }
    return page;
  });
}

function patternOf(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*$/, '.*');
  return new RegExp(`^${source}/?$`);
}
