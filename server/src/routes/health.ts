/** Whether the process runs, and whether it can work. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../config.ts';
import type { Ports } from '../ports.ts';
import type { App } from './route.ts';

const CHECKED_MS = 2000;
/** Starting programs costs more than a query. */
const TOOLS_CHECKED_MS = 30_000;
const TOOL_TIMEOUT_MS = 5000;
const run = promisify(execFile);

type Checks = Record<string, 'ok' | 'failed' | 'missing'>;
type HealthConfig = Pick<Config, 'data_dir' | 'roles' | 'ffmpeg_path'>;

/** Open to everybody and every host: a load balancer asks by address. Answers say nothing but which part is at fault. */
export function healthRoutes(app: App, ports: Pick<Ports, 'db' | 'log' | 'clock'>, config: HealthConfig): void {
  let last: { at: number; checks: Promise<Checks> } | null = null;
  let tools: { at: number; checks: Promise<Checks> } | null = null;

  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const now = ports.clock.now();
    if (last === null || now - last.at > CHECKED_MS) {
      last = { at: now, checks: checkAll() };
    }
    const checks = await last.checks;
    const isReady = Object.values(checks).every((result) => result === 'ok');
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: isReady ? 'ok' : 'unready', checks });
  });

  async function checkAll(): Promise<Checks> {
    return {
      database: await outcome('database', () => ports.db.selectFrom('users').select('id').limit(1).execute()),
      disk: await outcome('disk', () => touch(config.data_dir)),
      ...(config.roles.includes('worker') ? await checkTools() : {}),
    };
  }

  async function outcome(part: string, check: () => Promise<unknown>): Promise<'ok' | 'failed'> {
    try {
      await check();
      return 'ok';
    } catch (err) {
      ports.log.error({ err, part }, 'the server is not ready');
      return 'failed';
    }
  }

  /** What was missing is looked for each time, what was there every half a minute. */
  async function checkTools(): Promise<Checks> {
    const now = ports.clock.now();
    const known = await tools?.checks;
    if (tools === null || now - tools.at >= TOOLS_CHECKED_MS || Object.values(known ?? {}).includes('missing')) {
      tools = { at: now, checks: findTools(config.ffmpeg_path) };
    }
    return tools.checks;
  }
}

/** ffprobe stands beside the ffmpeg that was set (media/src/ffmpeg.ts looks there too). */
async function findTools(ffmpegPath: string | null): Promise<Checks> {
  const paths = { ffmpeg: ffmpegPath ?? 'ffmpeg', ffprobe: ffmpegPath?.replace(/ffmpeg(?=[^/\\]*$)/, 'ffprobe') ?? 'ffprobe' };
  const checks: Checks = {};
  for (const [name, path] of Object.entries(paths)) {
    checks[name] = await run(path, ['-version'], { timeout: TOOL_TIMEOUT_MS }).then(
      () => 'ok' as const,
      () => 'missing' as const,
    );
  }
  return checks;
}

async function touch(folder: string): Promise<void> {
  const path = join(folder, `.ready-${randomUUID()}`);
  try {
    await writeFile(path, 'ok');
  } finally {
    await rm(path, { force: true });
  }
}
