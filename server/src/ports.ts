/** What the flow and the stories need from the world. Adapters make these real; `main.ts` builds one `Ports` and hands it down. */

import type { Readable } from 'node:stream';
import type { EmotionSegment, TellCurves, Tells, VoiceSegment } from '@2t1l/contract/analysis';
import type { ChallengeEvent } from '@2t1l/contract/events';
import type { Notice, Refusal, Segment, SegmentIndex, Step, Transition } from '@2t1l/game/challenge';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './store/tables.ts';

export interface Ports {
  db: Db;
  blobs: Blobs;
  jobs: Jobs;
  events: Events;
  cache: Cache;
  limits: Limits;
  keys: Keys;
  clock: Clock;
  ids: Ids;
  chance: Chance;
  passwords: Passwords;
  push: Push;
  /** Loaded on first use, in the worker role only. */
  media: () => Promise<Media>;
  /** Loaded on first use, in the worker role only; null where its models are missing or damaged: there are no tells then. */
  analysis: () => Promise<Analysis | null>;
  folders: Folders;
  log: Log;
}

/** Local folders for files on their way; they exist. On the file system of the blobs where those are on disk, so that `put` is a rename. */
export interface Folders {
  /** Uploads that are under way. */
  uploads: string;
  /** Work files of running steps; what is left over by a kill is swept. */
  work: string;
}

/** Reads go through `db` as they are; everything that writes goes through `transact` (store/transact.ts). */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

export interface Ids {
  /** A new UUIDv7. */
  next(): string;
}

export interface Chance {
  /** `count` random bytes, cryptographically strong. */
  bytes(count: number): Uint8Array;
}

export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** An error goes under `err`: under any other name the log would show an empty object. */
export interface LogFields {
  err?: unknown;
  error?: never;
  [field: string]: unknown;
}

// --- blobs ---

/** Finished files under the hex SHA-256 of their bytes. A blob never changes. */
export interface Blobs {
  /** Moves the local file `path` into the store under `hash`; the caller has hashed it. Putting the same bytes twice is one blob. */
  put(path: string, hash: string): Promise<void>;
  /** A local path with the blob's bytes, for reading only; `workDir` is where an adapter may put a copy. Throws a `not_found` Problem. */
  fetch(hash: string, workDir: string): Promise<string>;
  /** The bytes `start` to `end` (both inclusive), all without them. Throws a `not_found` Problem. */
  read(hash: string, range?: { start: number; end: number }): Promise<Readable>;
  /** Size in bytes and the time (ms) since which the bytes lie there; null where there is no such blob. */
  stat(hash: string): Promise<{ size_bytes: number; modified_ms: number } | null>;
  /** Nothing happens where there is no such blob. */
  delete(hash: string): Promise<void>;
  /** An address that needs no header, is the same for all who ask within an hour or more, and expires. */
  url(hash: string, mediaType: string): string;
  /** How long an address of `url` is valid at the most. */
  readonly url_seconds: number;
  /** The media type for which `url` has signed this address (its query, as the request brought it); null where it is wrong or has expired. */
  verify(hash: string, query: Readonly<Record<string, string | undefined>>): string | null;
}

// --- jobs ---

/** What each kind of job carries. */
export interface JobPayloads {
  'check-clip': { clip_id: string };
  'merge-clips': { challenge_id: string };
  'publish-challenge': { challenge_id: string };
  'analyse-clip': { clip_id: string };
  'slim-video': { challenge_id: string };
  /** One notification to one device. */
  push: { session_id: string; news: News; challenge_id: string | null; count: number };
  /** Tells an author that there are more guesses than `told`. */
  'push-guesses': { challenge_id: string; told: number };
  /** Asks a push service what became of a message. */
  'push-receipt': { session_id: string; address_hash: string; receipt: string; looks: number };
  /** Deletes what nobody needs any more and takes up what was left lying (flow/sweep.ts). */
  sweep: Record<string, never>;
}
export type JobKind = keyof JobPayloads;

/**
 * `light` work takes no core for long; `heavy` work (it may encode) never has the last free hand of a worker; `idle` work begins when a
 * worker has nothing else to do, one job at a time, and takes no hand of the others. `outside` work waits for other people's servers:
 * a few jobs at once, and no hand of the others either. `last` work has the processor only where nobody else would, so it may take any time: as
 * many jobs at once as heavy ones, and no hand of the others either.
 */
export type JobLane = 'heavy' | 'light' | 'idle' | 'outside' | 'last';

export interface NewJob<K extends JobKind = JobKind> {
  kind: K;
  payload: JobPayloads[K];
  /** `heavy` by default. */
  lane?: JobLane;
  /** The player whose work it is: of the jobs of one lane and priority each player gets their share. Nobody's by default. */
  owner?: string;
  /** A job with the same key that still waits or runs makes this one superfluous. */
  dedupe_key?: string;
  /** Higher goes first within a lane; 0 by default. */
  priority?: number;
  delay_seconds?: number;
  /** Runs that may throw before the job is given up; 5 by default, and 4 more where a Problem says by `retry_after_seconds` that it will pass. */
  max_attempts?: number;
}

/** A job while it runs. */
export interface RunningJob<K extends JobKind = JobKind> {
  id: string;
  kind: K;
  payload: JobPayloads[K];
  /** 1 for the first run. */
  attempt: number;
  /** True where a throw gives the job up, unless the error says that it will pass. */
  is_last_attempt: boolean;
  /** Aborted when the lease is lost or the worker stops. */
  signal: AbortSignal;
  /** 0 to 100; kept in the row. */
  progress(percent: number): Promise<void>;
  /** Ends the job in the transaction of its result. Throws `LeaseLost` where another worker has taken it over, so that the transaction is rolled back. */
  done(tx: Tx): Promise<void>;
}

export type JobHandlers = { [K in JobKind]: (job: RunningJob<K>) => Promise<void> };
/** Called in its own transaction when a job is given up, with the error of the last run; the job is marked dead in the same transaction. */
export type GivenUp = (tx: Tx, job: { id: string; kind: JobKind; payload: JobPayloads[JobKind] }, error: unknown) => Promise<void>;

export interface Jobs {
  /** Adds a job in the transaction of the state that it serves; workers are woken after the commit. */
  add(tx: Tx, job: NewJob): Promise<void>;
  /**
   * Starts to work; `concurrency` jobs at once, at least two, and at least one of them light: light work never waits for heavy.
   * The returned handle stops: aborts idle and last work, waits `grace_ms` for the other running jobs, then aborts them too.
   */
  work(handlers: JobHandlers, givenUp: GivenUp, options: { concurrency: number }): Promise<{ stop(graceMs?: number): Promise<void> }>;
}

// --- events ---

export interface StoredEvent {
  id: number;
  /** `guessed`: the author, and those whose guess was stored when their stream was opened. */
  audience: 'author' | 'guessed' | 'everyone';
  event: ChallengeEvent;
}

export interface Events {
  /** Written in the transaction of the state change; listeners are woken after the commit. */
  add(tx: Tx, event: ChallengeEvent, audience: StoredEvent['audience']): Promise<void>;
  /** Events of a challenge with an id above `afterId`, oldest first. */
  read(challengeId: string, afterId: number, limit: number): Promise<StoredEvent[]>;
  /** Id of the newest event of a challenge, 0 where there is none. */
  lastId(challengeId: string): Promise<number>;
  /** Calls `wake` whenever there may be new events of the challenge; returns the way to stop. */
  listen(challengeId: string, wake: () => void): () => void;
}

// --- cache, limits, keys, passwords ---

export interface Cache {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface LimitRule {
  points: number;
  seconds: number;
}

export interface Limits {
  /** Takes one point of `key`. Where none is left: false and the seconds until one is. */
  take(key: string, rule: LimitRule): Promise<{ allowed: boolean; retry_after_seconds: number }>;
  /** Gives one taken point back: what it was taken for does not count. */
  giveBack(key: string, rule: LimitRule): Promise<void>;
  reset(key: string): Promise<void>;
}

/** Purposes whose keys are derived apart, so that a signature of one is worth nothing for another. */
export type KeyPurpose = 'access-token' | 'blob-url' | 'cursor';

export interface Keys {
  /** Id of the key that signs now. */
  current: string;
  /** Derived key of 32 bytes; null for an unknown key id. */
  key(purpose: KeyPurpose, keyId: string): Uint8Array | null;
}

/** Slow on purpose; off the event loop, a bounded number at once and a bounded queue. Throws a `busy` Problem when the queue is full. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** With null (no such account) it takes as long and is false. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

// --- push ---

/** What a notification can be about. `refused`: a clip was. */
export type News = 'published' | 'failed' | 'refused' | 'guessed' | 'digest' | 'test';

/** What names a player's device at its push service, as the device has said. A secret: it stands in no log and no error. */
export type PushAddress = { kind: 'expo'; token: string } | { kind: 'web'; endpoint: string; p256dh: string; auth: string };

export interface PushMessage {
  title: string;
  body: string;
  /** Which page of the app a tap opens. */
  path: string;
  /** Messages with the same tag take each other's place on the device; 1 to 32 letters and digits. */
  tag: string;
  /** How long it is worth telling. */
  ttl_seconds: number;
}

/** `gone`: there is no such device any more. `refused`: this message will never arrive; `reason` is for the log and holds no secret. */
export type PushSent = { outcome: 'sent'; receipt: string | null } | { outcome: 'gone' } | { outcome: 'refused'; reason: string };
export type PushReceipt = { outcome: 'delivered' | 'pending' | 'gone'; reason?: never } | { outcome: 'refused'; reason: string };

/** Notifications to devices, over the services of their makers. */
export interface Push {
  /** What it sends to; empty where notifications are off. */
  readonly kinds: readonly PushAddress['kind'][];
  /** The key that a browser subscribes with (VAPID, base64url); null where it sends to none. */
  readonly web_key: string | null;
  /** True for an address of a push service that it knows: it never calls any other. */
  takes(address: PushAddress): boolean;
  /** Throws where the service cannot be reached or asks to come back later; within seconds in any case. */
  send(address: PushAddress, message: PushMessage, signal: AbortSignal): Promise<PushSent>;
  /** What became of a message, by the `receipt` that `send` gave. Throws like `send`. */
  receipt(receipt: string, signal: AbortSignal): Promise<PushReceipt>;
}

// --- media ---

/** What was measured of an accepted clip; kept with the clip. */
export interface MediaFacts {
  duration_seconds: number;
  /** As displayed, after rotation. */
  width: number;
  height: number;
  has_sound: boolean;
}

export interface MediaCall {
  signal: AbortSignal;
  onProgress?: (percent: number) => void;
}

/** Files in, files out. */
export interface Media {
  /** A refused clip is a result. On acceptance `output` holds the canonical clip, or the input is canonical as it is (`output: null`). */
  prepare(
    input: string,
    output: string,
    call: MediaCall,
  ): Promise<
    { outcome: 'accepted'; facts: MediaFacts; notices: Notice[]; output: string | null } | { outcome: 'refused'; reasons: Refusal[] }
  >;
  /** Merges three canonical clips into `output`, one faststart MP4, with what is wanted between them. */
  merge(
    inputs: readonly [string, string, string],
    output: string,
    how: { transition: Transition; workDir: string },
    call: MediaCall,
  ): Promise<{ segments: Segment[] }>;
  /**
   * A small rendition of a heavy merged video into `output`, with the same segments, for idle time. `kept`, and nothing written,
   * where nothing smaller looks enough like it; `ssim` (0 to 1) is null where nothing was compared.
   */
  slim(
    video: string,
    output: string,
    options: { segments: readonly Segment[]; workDir: string },
    call: MediaCall,
  ): Promise<{ outcome: 'slim' | 'kept'; reason: string | null; size_bytes: number; ssim: number | null }>;
  /** A JPEG of the merged video. */
  poster(video: string, output: string, call: MediaCall): Promise<void>;
  /** Pictures of a canonical clip, black around them where the shape differs; time 0 is its first. `workDir` is for files that are gone afterwards. */
  frames(clip: string, workDir: string, size: FrameSize, call: MediaCall): AsyncIterable<Frame>;
  /** Its sound from the first picture on, mono at 16 kHz, -1 to 1; null where it has none. */
  sound(clip: string, call: MediaCall): Promise<Float32Array | null>;
  /** A clip of a drawn figure that says a line; for the house's own challenges. */
  drawScene(output: string, scene: DrawnScene, call: MediaCall): Promise<void>;
}

export interface DrawnScene {
  line: string;
  /** One of flite's. */
  voice: 'slt' | 'kal' | 'rms' | 'awb';
  /** Which figure; counts on from 0 and starts over. */
  figure: number;
}

export interface FrameSize {
  width: number;
  height: number;
  /** Pictures a second. */
  fps: number;
}

export interface Frame {
  timestamp_seconds: number;
  /** `width * height * 3` bytes: red, green, blue, rows from the top. */
  data: Uint8Array;
}

// --- analysis ---

/** What was measured in one clip; plain data, kept as JSON. */
export interface ClipAnalysis {
  face: EmotionSegment;
  voice: VoiceSegment;
  /** Every signal by its name, in its own unit; null where the clip cannot carry it. */
  signals: Record<string, number | null>;
  curves: TellCurves;
  /** What `combine` needs besides. */
  raw: unknown;
}

/** What clips of other challenges are compared with. */
export type ComparedClip = Pick<ClipAnalysis, 'signals' | 'raw'>;

/** A canonical clip's file, and a folder for files that are gone afterwards. */
export interface ClipFile {
  path: string;
  workDir: string;
}

/** Models of face and voice. Loaded in the worker role, on first use. */
export interface Analysis {
  /** Names of the models. */
  model: string;
  /** What the clip lacks (a face, a voice) is a status, not an error. Problems as of `Media`. */
  analyse(clip: ClipFile, signal: AbortSignal): Promise<ClipAnalysis>;
  /**
   * What three segments say against each other; null for one that was not measured. `earlier`: clips of other challenges of the same person,
   * challenge by challenge, which say how that person speaks and looks anyway. Never depends on the lie.
   */
  combine(clips: readonly (ClipAnalysis | null)[], earlier: readonly (readonly ComparedClip[])[]): Omit<Tells, 'record'>;
}

/** Where a step is, for the event `step.progress`. */
export interface StepPosition {
  step: Step;
  segment_index: SegmentIndex | null;
}
