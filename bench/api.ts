/**
 * The API under load: requests a second and latency, growth with the number of challenges, memory at rest, CPU against FastAPI.
 * Closed loops over keep-alive connections from this one process; costs are CPU seconds of the servers' process trees, so that neither
 * this process nor waiting counts. Targets are measured in turn in every round, and figures are medians over the rounds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { baselineVersions } from './api/baseline.ts';
import type { CallName } from './api/calls.ts';
import { answerOf, assertSameShape } from './api/shape.ts';
import { type Stage, setStage, type Target } from './api/stage.ts';
import { type Measured, measure } from './lib/load.ts';
import { memoryMb } from './lib/process-tree.ts';
import { type Figures, isQuick, report, tell } from './lib/report.ts';
import { median, round } from './lib/statistics.ts';

type Compared = 'feed' | 'challenge' | 'guess';
type Samples = Record<string, Measured[]>;

const COMPARED: readonly Compared[] = ['feed', 'challenge', 'guess'];
const ROUNDS = isQuick ? 3 : 5;
const SECONDS = isQuick ? 0.5 : 3;
/** Long enough for several laps of all connections. */
const MANY_SECONDS = isQuick ? 2 : 5;
/** A log-in takes tens of milliseconds on purpose, so few fit into a second. */
const LOGIN_SECONDS = isQuick ? 1.5 : 3;
const WARM_CALLS = 15_000;
const WARM_SECONDS = isQuick ? 5 : 15;
const FEW_CONNECTIONS = 50;
const MANY_CONNECTIONS = 1000;
const REST_MS = 3000;

await using stage = await setStage();
await sleep(REST_MS);
const memory_mb = memoryMb(stage.many.pid);
await compareAnswers(stage);
await warmUp(stage);
const samples: Samples = {};
for (let n = 1; n <= ROUNDS; n++) {
  tell(`round ${n} of ${ROUNDS}`);
  await runRound(stage, samples);
}
report(figuresOf(samples, stage));

/** Equal work: the same fields and as many of them. */
async function compareAnswers({ many, few, fastapi, bare }: Stage): Promise<void> {
  for (const name of COMPARED) {
    const answers = [];
    for (const target of [many, few, fastapi, bare].filter((each) => each !== null)) {
      const { next, status } = target.calls[name];
      answers.push(await answerOf(target.port, next(), status));
    }
    for (const other of answers.slice(1)) {
      assertSameShape(name, answers[0], other);
    }
  }
}

/** V8 compiles what is hot in steps, up to some 15,000 calls of a route; CPython has only its caches to fill. */
async function warmUp({ many, few, fastapi, bare }: Stage): Promise<void> {
  tell('warm-up');
  for (const name of COMPARED) {
    for (const target of [many, few]) {
      for (let [calls, seconds] = [0, 0]; calls < WARM_CALLS && seconds < WARM_SECONDS; seconds++) {
        calls += (await sample(target, name, FEW_CONNECTIONS, 1)).rps;
      }
    }
    for (const target of [fastapi, bare].filter((each) => each !== null)) {
      await sample(target, name, FEW_CONNECTIONS, 1);
    }
  }
}

async function runRound({ many, few, fastapi, bare }: Stage, into: Samples): Promise<void> {
  const keep = async (key: string, target: Target | null, name: CallName, connections: number, seconds = SECONDS) => {
    if (target !== null) {
      into[key] = [...(into[key] ?? []), await sample(target, name, connections, seconds)];
    }
  };
  await keep('login.50', many, 'login', FEW_CONNECTIONS, LOGIN_SECONDS);
  for (const name of COMPARED) {
    await keep(`${name}.50`, many, name, FEW_CONNECTIONS);
    await keep(`${name}.few`, few, name, FEW_CONNECTIONS);
    await keep(`${name}.fastapi`, fastapi, name, FEW_CONNECTIONS);
    await keep(`${name}.bare`, bare, name, FEW_CONNECTIONS);
    await keep(`${name}.1000`, many, name, MANY_CONNECTIONS, MANY_SECONDS);
  }
}

function sample(target: Target, name: CallName, connections: number, seconds: number): Promise<Measured> {
  const { next, status } = target.calls[name];
  return measure({ port: target.port, pid: target.pid, connections, seconds, next, status });
}

/** `vs_fastapi` takes the three routes together, one call each; `vs_fastapi_routes` has each by itself. */
function figuresOf(from: Samples, { many, fastapi }: Stage): Figures {
  const against = (theirs: string) => {
    const byRoute = Object.fromEntries(COMPARED.map((name) => [name, ratio(from, [`${name}.${theirs}`], [`${name}.50`])]));
    return {
      ...byRoute,
      mix: ratio(
        from,
        COMPARED.map((name) => `${name}.${theirs}`),
        COMPARED.map((name) => `${name}.50`),
      ),
    };
  };
  const routes = COMPARED.map((name) => [name, { ...latency(from, `${name}.50`), connections: byConnections(from, name) }]);
  const vsFastapi = fastapi === null ? null : against('fastapi');
  return {
    routes: { login: latency(from, 'login.50'), ...Object.fromEntries(routes) },
    growth: Object.fromEntries(COMPARED.map((name) => [name, ratio(from, [`${name}.50`], [`${name}.few`])])),
    memory_mb: round(memory_mb),
    memory_after_mb: round(memoryMb(many.pid)),
    vs_fastapi: vsFastapi?.mix ?? null,
    vs_fastapi_routes: vsFastapi,
    vs_fastapi_without_response_models: fastapi === null ? null : against('bare'),
    cpu_ms: Object.fromEntries(Object.keys(from).map((key) => [key, round(median(of(from, key).map((each) => each.cpu_ms)))])),
    baseline: fastapi === null ? null : baselineVersions(),
  };
}

function byConnections(from: Samples, name: Compared): Figures {
  return { [FEW_CONNECTIONS]: latency(from, `${name}.50`), [MANY_CONNECTIONS]: latency(from, `${name}.1000`) };
}

function latency(from: Samples, key: string): Figures {
  const field = (name: 'rps' | 'p50_ms' | 'p95_ms' | 'p99_ms') => round(median(of(from, key).map((each) => each[name])));
  return { rps: field('rps'), p50_ms: field('p50_ms'), p95_ms: field('p95_ms'), p99_ms: field('p99_ms') };
}

/** CPU of one call each of `above` over that of `below`: per round, where both ran on an equally busy machine, then the median. */
function ratio(from: Samples, above: readonly string[], below: readonly string[]): number {
  const sum = (keys: readonly string[], n: number) => keys.reduce((total, key) => total + (of(from, key)[n]?.cpu_ms ?? 0), 0);
  return round(median(Array.from({ length: ROUNDS }, (_, n) => sum(above, n) / sum(below, n))));
}

function of(from: Samples, key: string): Measured[] {
  return from[key] ?? [];
}
