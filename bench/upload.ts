/**
 * A clip of 100 MB sent by tus in chunks of 5 MB: speed, server CPU against a plain file copy that hashes, memory over rest.
 * Medians of three rounds, the copy after each upload.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIP_MAX_BYTES } from '@2t1l/game/limits';
import { startServer } from '../e2e/harness/server.ts';
import { cpuSeconds, memoryMb, peakMemoryMb } from './lib/process-tree.ts';
import { report, tell } from './lib/report.ts';
import { median, round } from './lib/statistics.ts';
import { MB } from './lib/units.ts';
import { TusSender } from './upload/tus-sender.ts';

const ROUNDS = 3;
const REST_MS = 3000;
const SIZE_MB = CLIP_MAX_BYTES / MB;

interface Round {
  seconds: number;
  cpu_s: number;
  copy_cpu_s: number;
  memory_mb: number;
}

const env = { NODE_ENV: undefined, LIMITS: 'off', ROLES: 'api', WEB_DIR: undefined };
await using server = await startServer({ env });
const sender = await TusSender.asGuest(server.origin);
await sender.send(clip(1));
const rounds: Round[] = [];
for (let n = 1; n <= ROUNDS; n++) {
  tell(`round ${n} of ${ROUNDS}`);
  rounds.push(await runRound(clip(SIZE_MB)));
}

const middle = (field: (each: Round) => number) => round(median(rounds.map(field)));
report({
  mb_per_s: middle((each) => SIZE_MB / each.seconds),
  mb_per_cpu_s: middle((each) => SIZE_MB / each.cpu_s),
  vs_copy: middle((each) => each.cpu_s / each.copy_cpu_s),
  memory_mb: middle((each) => each.memory_mb),
  cpu_s: middle((each) => each.cpu_s),
  copy_cpu_s: middle((each) => each.copy_cpu_s),
});

async function runRound(bytes: Buffer): Promise<Round> {
  await sleep(REST_MS);
  const pid = server.pid();
  const rest = memoryMb(pid);
  const [cpu, began] = [cpuSeconds(pid), performance.now()];
  const peak = await peakMemoryMb(pid, () => sender.send(bytes));
  return {
    seconds: (performance.now() - began) / 1000,
    cpu_s: cpuSeconds(pid) - cpu,
    copy_cpu_s: await copyWithHash(bytes),
    memory_mb: peak - rest,
  };
}

/** CPU seconds of copying a file of these bytes beside the server's own and hashing them on the way. */
async function copyWithHash(bytes: Buffer): Promise<number> {
  const [from, to] = [join(server.dataDir, 'copy-from'), join(server.dataDir, 'copy-to')];
  await writeFile(from, bytes);
  const before = process.cpuUsage();
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(createReadStream(from), hashing, createWriteStream(to));
  hash.digest();
  const { user, system } = process.cpuUsage(before);
  await Promise.all([rm(from), rm(to)]);
  return (user + system) / 1e6;
}

/** Bytes that begin like an MP4 and are nowhere else the same, so that no store can tell two clips to be one. */
function clip(mb: number): Buffer {
  const bytes = Buffer.concat(Array.from({ length: mb }, () => randomBytes(MB)));
  bytes.write('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 0, 'latin1');
  return bytes;
}
