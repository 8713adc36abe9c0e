/** The whole world in one folder and one process: SQLite, files, memory. */
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import type { Keys, Log, Ports, Push } from '../ports.ts';
import { bareSecret } from '../secrets.ts';
import { migrate } from '../store/migrate.ts';
import { argonPasswords } from './argon-passwords.ts';
import { dbEvents } from './db-events.ts';
import { dbJobs } from './db-jobs.ts';
import { diskBlobs, incomingFolder } from './disk-blobs.ts';
import { ffmpegMedia } from './ffmpeg-media.ts';
import { derivedKeys, fileSecret, fileVapidKey } from './file-keys.ts';
import { foldWal } from './fold-wal.ts';
import { sweepLeftovers } from './leftovers.ts';
import { memoryCache } from './memory-cache.ts';
import { memoryLimits, noLimits } from './memory-limits.ts';
import { noPush, routedPush } from './push.ts';
import { vapidOf } from './push-web.ts';
import { openSqlite } from './sqlite.ts';
import { systemChance, systemClock, systemIds } from './system.ts';
import { tellsAnalysis } from './tells-analysis.ts';

/** What the embedded world depends on. */
export type EmbeddedConfig = Pick<
  Config,
  | 'data_dir'
  | 'database_path'
  | 'upload_folder'
  | 'temp_dir'
  | 'secret_key'
  | 'push'
  | 'limits'
  | 'ffmpeg_path'
  | 'log_level'
  | 'sure_confidence'
>;

/**
 * Makes the folders, opens and migrates the database and builds the ports. Several processes may do so on one `data_dir` of one
 * machine: they share data and jobs; cache and limits are each one's own. `overrides` take the place of single ports, also
 * for the other adapters. Dispose of it last: the database is closed then.
 */
export async function buildEmbedded(config: EmbeddedConfig, overrides: Partial<Ports> = {}): Promise<Ports & AsyncDisposable> {
  const log = overrides.log ?? pino({ level: config.log_level });
  const { clock = systemClock, ids = systemIds, chance = systemChance } = overrides;
  const blobRoot = join(config.data_dir, 'blobs');
  const incoming = incomingFolder(blobRoot);
  await makeFolders([config.data_dir, dirname(config.database_path), config.upload_folder, config.temp_dir, blobRoot, incoming]);
  const keys = overrides.keys ?? (await openKeys(config, log));
  const push = overrides.push ?? (await openPush(config, log));

  await using owned = new AsyncDisposableStack();
  const db = overrides.db ?? owned.adopt(openDatabase(config.database_path), (opened) => opened.destroy());
  await migrate(db);
  owned.adopt(foldWal(db, log), (folding) => folding.dispose());
  const events = overrides.events ?? owned.adopt(dbEvents({ db, clock, log }), (opened) => opened.dispose());
  const tells = owned.adopt(tellsAnalysis(log, config), (models) => models.dispose());
  owned.adopt(sweepLeftovers(incoming, log), (sweep) => sweep.dispose());

  const ports: Ports = {
    db,
    blobs: diskBlobs(blobRoot, { keys, clock }),
    jobs: dbJobs({ db, clock, ids, chance, log }),
    events,
    cache: memoryCache(),
    limits: config.limits ? memoryLimits() : noLimits(),
    keys,
    clock,
    ids,
    chance,
    passwords: argonPasswords(),
    push,
    media: ffmpegMedia(config.ffmpeg_path),
    analysis: tells.load,
    folders: { uploads: config.upload_folder, work: config.temp_dir },
    log,
    ...overrides,
  };
  const kept = owned.move();
  return { ...ports, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function makeFolders(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      throw new Error(`The folder ${path} cannot be made; DATA_DIR names where everything is kept`, { cause });
    });
  }
}

async function openKeys({ secret_key, data_dir }: EmbeddedConfig, log: Log): Promise<Keys> {
  return derivedKeys(secret_key ?? [bareSecret(await fileSecret(data_dir, (message) => log.warn({}, message)))]);
}

async function openPush({ push, data_dir }: EmbeddedConfig, log: Log): Promise<Push> {
  if (push === null) {
    return noPush;
  }
  return routedPush(vapidOf(push.key ?? (await fileVapidKey(data_dir, (message) => log.warn({}, message))), push.contact));
}

function openDatabase(path: string): Ports['db'] {
  try {
    // Made here, so that nobody else can read it; the files beside it take over its mode.
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    throw new Error(`The database file ${path} cannot be opened`, { cause });
  }
  return openSqlite(path);
}
