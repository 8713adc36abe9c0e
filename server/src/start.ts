/** Settings, ports, then the roles this process was asked for. */
import { buildEmbedded } from './adapters/embedded.ts';
import { type Config, loadConfig } from './config.ts';
import type { Ports } from './ports.ts';

const SECOND = 1000;
/** After a signal: so long may running steps go on, and so long may the whole stop take. */
const JOBS_GRACE_MS = 5 * SECOND;
const STOP_MS = 9 * SECOND;

interface Role {
  /** For the line that tells of the start. */
  says: object;
  stop(): Promise<void>;
}

/** Runs until a signal; where it cannot start it says why in a line and ends the process with code 1. */
export async function start(): Promise<void> {
  const config = loadConfig();
  const ports = await buildEmbedded(config).catch((error: unknown) => fail(error));
  process.on('unhandledRejection', (err) => {
    ports.log.error({ err }, 'unhandled rejection');
    process.exit(1);
  });
  const roles: Role[] = [];
  // In place before the first role runs: a signal during the start stops what has begun.
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // Ctrl+C comes twice where `npm start` hands on what the terminal has sent already; a second one must not cut the stop short.
      if (!isStopping) {
        isStopping = true;
        stop(signal, roles, ports).catch((error: unknown) => fail(error));
      }
    });
  }
  if (config.roles.includes('api')) {
    roles.push(await api(config, ports).catch((error: unknown) => fail(error)));
  }
  if (config.roles.includes('worker')) {
    roles.push(await worker(config, ports));
    if (config.demo) {
      roles.push(await house(ports));
    }
  }
  ports.log.info(Object.assign({ roles: config.roles, data_dir: config.data_dir }, ...roles.map(({ says }) => says)), '2Truths-1Lie is up');
}

async function api(config: Config, ports: Ports): Promise<Role> {
  const { buildApp } = await import('./routes/app.ts');
  const app = await buildApp(ports, config);
  try {
    const address = await app.listen({ host: config.host, port: config.port });
    return { says: { address }, stop: () => app.close() };
  } catch (error) {
    throw isTaken(error) ? new Error(`Port ${config.port} is taken by another program; set PORT to another one`) : error;
  }
}

async function worker(config: Config, ports: Ports): Promise<Role> {
  const { givenUp, handlers } = await import('./flow/handlers.ts');
  const { beginSweeping } = await import('./flow/sweep.ts');
  const working = await ports.jobs.work(handlers(ports), givenUp(ports), { concurrency: config.worker_concurrency });
  await beginSweeping(ports);
  // Says at once where the models are missing; their weights are loaded with the first clip.
  await ports.analysis();
  return { says: {}, stop: () => working.stop(JOBS_GRACE_MS) };
}

/** Its challenges are made in the background. */
async function house(ports: Ports): Promise<Role> {
  const { makeHouseContent } = await import('./demo/house.ts');
  const ending = new AbortController();
  const making = makeHouseContent(ports, ending.signal);
  return {
    says: {},
    stop: () => {
      ending.abort();
      return making;
    },
  };
}

async function stop(signal: string, roles: readonly Role[], ports: Ports & AsyncDisposable): Promise<void> {
  ports.log.info({ signal }, 'stopping');
  setTimeout(() => {
    ports.log.warn({}, 'something did not stop in time; what it did is taken up at the next start');
    process.exit(0);
  }, STOP_MS).unref();
  await Promise.all(roles.map((role) => role.stop()));
  await ports[Symbol.asyncDispose]();
  process.exit(0);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

/** What a person can mend is told in one line, without a stack. */
function fail(error: unknown): never {
  console.error(
    error instanceof Error ? [error.message, error.cause instanceof Error ? error.cause.message : ''].filter(Boolean).join(': ') : error,
  );
  process.exit(1);
}
