/**
 * What an answer takes while nothing else happens, and while the same server has clips of a minute analysed: API and worker in one. Who asks
 * stands for another machine: where it may (Linux, root), it takes the processor first, so that its own waiting for it is not counted.
 */
import { execFileSync } from 'node:child_process';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { makeApi } from '../../e2e/harness/api.ts';
import { clipsChecked, makeChallenge } from '../../e2e/harness/challenges.ts';
import { rowsOf } from '../../e2e/harness/data-folder.ts';
import { uploadClip } from '../../e2e/harness/multipart.ts';
import { registerPlayer } from '../../e2e/harness/players.ts';
import { makeScratch } from '../../e2e/harness/scratch.ts';
import { startServer } from '../../e2e/harness/server.ts';
import { makeSpeakingClip, makeThreeStatements } from '../../e2e/harness/speaking-clips.ts';
import { makeGuests } from '../api/players.ts';
import { openConnection } from '../lib/connection.ts';
import { rawRequest } from '../lib/load.ts';
import { type Figures, isQuick, tell } from '../lib/report.ts';
import { median, percentile, round as rounded } from '../lib/statistics.ts';

/** Arrivals a second: a light load, so that what is seen is the analysis and no queue of its own. */
const RATE = 40;
const SECONDS = isQuick ? 5 : 15;
const ROUNDS = isQuick ? 1 : 3;
/** One clip each: more than is analysed within a round. */
const AUTHORS_A_ROUND = isQuick ? 6 : 12;
const GUESTS = 40;
const CONNECTIONS = 16;
const WARM_SECONDS = 4;
/** About three seconds; eighteen times make 57. */
const SAID = 'Once I missed a train and met my wife on the next one';

/** Medians over the rounds, each of which measures both in turn; `ratio` is that of the p99. `clips` is how many were analysed meanwhile. */
export async function measureApi(): Promise<Figures> {
  await using scratch = await makeScratch();
  await using server = await startServer({ env: { NODE_ENV: undefined, LIMITS: 'off', WEB_DIR: undefined } });
  const clip = await makeSpeakingClip(scratch.path, 'long', { text: Array(18).fill(SAID).join('. '), voice: 'rms', hasFace: true });
  const guests = await makeGuests(server.origin, GUESTS);
  const host = await registerPlayer(makeApi(server.origin));
  const shown = await makeChallenge(host.api, await makeThreeStatements(scratch.path), { lie_index: 1 });
  const request = (count: number) => {
    const token = guests[count % guests.length]?.token ?? '';
    const path = count % 2 === 0 ? '' : `/${shown.id}`;
    return rawRequest('GET', `${API_PREFIX}/challenges${path}`, token);
  };
  using _ = askFirst();
  const port = Number(new URL(server.origin).port);
  const measured = async () => (await rowsOf(server.dataDir, 'select 1 from clip_analyses')).length;
  const rounds: { quiet: number[]; analysing: number[]; clips: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const authors = [];
    for (let n = 0; n < AUTHORS_A_ROUND; n++) {
      const author = await registerPlayer(makeApi(server.origin));
      const { id } = await author.api.call('createChallenge', { body: { title: 'A minute' } });
      await uploadClip(author.api, id, clip);
      const { clips } = await clipsChecked(author.api, id);
      if (clips[0]?.status !== 'ready') {
        throw new Error(`the clip was refused (${clips[0]?.reasons.join()}): nothing would be analysed`);
      }
      authors.push(author);
    }
    await openLoop(port, request, WARM_SECONDS);
    const quiet = await openLoop(port, request, SECONDS);
    const before = await measured();
    // The clips are there and checked: from here on they are analysed, and nothing else is done.
    for (const { api } of authors) {
      await api.call('putConsents', { body: { tells: true } });
    }
    await sleep(1000);
    const analysing = await openLoop(port, request, SECONDS);
    const done = (await measured()) - before;
    if (done >= AUTHORS_A_ROUND) {
      throw new Error('the analysis was over before the load was: what was measured is not what is asked');
    }
    rounds.push({ quiet, analysing, clips: done });
    tell(`round ${round + 1} of ${ROUNDS}: p99 ${rounded(percentile(quiet, 0.99))} ms, ${rounded(percentile(analysing, 0.99))} ms`);
    for (const { api } of authors) {
      await api.call('putConsents', { body: { tells: false } });
    }
    await sleep(3000);
  }
  const middle = (of: (each: (typeof rounds)[number]) => number) => rounded(median(rounds.map(of)));
  const figures = (name: 'quiet' | 'analysing') => ({
    p50_ms: middle((each) => percentile(each[name], 0.5)),
    p99_ms: middle((each) => percentile(each[name], 0.99)),
  });
  return {
    rate: RATE,
    quiet: figures('quiet'),
    analysing: figures('analysing'),
    ratio: middle((each) => percentile(each.analysing, 0.99) / percentile(each.quiet, 0.99)),
    clips: middle((each) => each.clips),
  };
}

/** Until it is disposed of: what is started later is not to come first. */
function askFirst(): Disposable {
  const rank = (...policy: string[]) => execFileSync('chrt', [...policy, String(process.pid)], { stdio: 'ignore' });
  try {
    rank('--rr', '--pid', '1');
  } catch {
    tell('no right to ask first: the figures hold what the asking waits for the processor');
    return { [Symbol.dispose]: () => undefined };
  }
  return { [Symbol.dispose]: () => rank('--other', '--pid', '0') };
}

/** Milliseconds from each moment at which a request was due to its whole answer, whether or not a connection was free then. Throws where one is not 200. */
async function openLoop(port: number, request: (count: number) => string, seconds: number): Promise<number[]> {
  const latencies: number[] = [];
  const waiting: { due: number; text: string }[] = [];
  const idle: Socket[] = [];
  const due = new Map<Socket, number>();
  let failure: Error | null = null;
  const next = () => {
    while (idle.length > 0 && waiting.length > 0) {
      const [socket, call] = [idle.pop(), waiting.shift()];
      if (socket && call) {
        due.set(socket, call.due);
        socket.write(call.text, 'latin1');
      }
    }
  };
  const sockets = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket: Socket = await openConnection(port, (status, head) => {
        const since = due.get(socket);
        if (since === undefined) {
          return;
        }
        due.delete(socket);
        latencies.push(performance.now() - since);
        failure ??= status === 200 ? null : new Error(`expected the status 200, got: ${head}`);
        idle.push(socket);
        next();
      });
      return socket;
    }),
  );
  idle.push(...sockets);
  const began = performance.now();
  for (let count = 0; count < seconds * RATE; count++) {
    const at = began + (count * 1000) / RATE;
    await sleep(Math.max(0, at - performance.now()));
    waiting.push({ due: at, text: request(count) });
    next();
  }
  for (const deadline = performance.now() + 10_000; due.size + waiting.length > 0 && performance.now() < deadline; ) {
    await sleep(20);
  }
  for (const socket of sockets) {
    socket.destroy();
  }
  if (failure !== null) {
    throw failure;
  }
  return latencies;
}
