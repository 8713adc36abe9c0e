/** `/metrics` for Prometheus, behind `METRICS_TOKEN`. Without one nothing is measured and the address is closed. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '@2t1l/contract/problems';
import type { Histogram, Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { App } from './route.ts';

const MS_PER_SECOND = 1000;
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Call it before the routes are registered. `endpoint` is the route's pattern, so that ids do not become labels. */
export async function metricsRoutes(app: App, { metrics_token }: Pick<Config, 'metrics_token'>): Promise<void> {
  if (metrics_token === null) {
    app.get('/metrics', async () => {
      throw new Problem('not_found', { detail: 'Metrics are off; set METRICS_TOKEN.' });
    });
    return;
  }
  const { collectDefaultMetrics, Histogram: HistogramOf, Registry: RegistryOf } = await import('prom-client');
  const register: Registry = new RegistryOf();
  collectDefaultMetrics({ register });
  const durations = new HistogramOf({
    name: 'api_request_duration_seconds',
    help: 'From the first byte of a request to the last of its answer',
    labelNames: ['endpoint', 'status'],
    buckets: BUCKETS,
    registers: [register],
  });
  app.addHook('onRoute', (route) => {
    route.onResponse = [route.onResponse ?? [], observer(durations, route.url)].flat();
  });
  app.get('/metrics', async (request, reply) => {
    if (!isSame(request.headers.authorization ?? '', `Bearer ${metrics_token}`)) {
      throw new Problem('unauthenticated');
    }
    return reply.header('content-type', register.contentType).send(await register.metrics());
  });
}

function observer(durations: Histogram<'endpoint' | 'status'>, endpoint: string) {
  const byStatus = new Map<number, { observe(seconds: number): void }>();
  return async (_request: unknown, { statusCode, elapsedTime }: { statusCode: number; elapsedTime: number }): Promise<void> => {
    let duration = byStatus.get(statusCode);
    if (duration === undefined) {
      duration = durations.labels({ endpoint, status: String(statusCode) });
      byStatus.set(statusCode, duration);
    }
    duration.observe(elapsedTime / MS_PER_SECOND);
  };
}

/** In a time that does not tell how much of it was right. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}
