/**
 * The tables as Kysely sees them: one program for SQLite and PostgreSQL. Times are RFC 3339 UTC strings with milliseconds,
 * flags are 0 or 1, JSON is text that `store/` parses. The migrations beside this file make them.
 */
import type { Audience, ChallengeState, ClipState, SegmentIndex, Step, Transition } from '@2t1l/game/challenge';
import type { Generated } from 'kysely';
import type { JobLane } from '../ports.ts';

export interface Tables {
  users: UserRow;
  sessions: SessionRow;
  refresh_tokens: RefreshTokenRow;
  challenges: ChallengeRow;
  answers: AnswerRow;
  clips: ClipRow;
  challenge_responses: ResponseRow;
  calibration_bins: CalibrationBinRow;
  uploads: UploadRow;
  blob_refs: BlobRefRow;
  events: EventRow;
  jobs: JobRow;
  idempotency_keys: IdempotencyRow;
  clip_analyses: ClipAnalysisRow;
  challenge_tells: ChallengeTellsRow;
  tell_records: TellRecordRow;
  push_tokens: PushTokenRow;
}

export interface UserRow {
  id: string;
  /** As typed; null for a guest. */
  email: string | null;
  /** Lower case; unique; what log-in compares. */
  email_key: string | null;
  username: string;
  /** Lower case; unique. */
  username_key: string;
  /** argon2id, PHC string; null for a guest and the house. */
  password_hash: string | null;
  role: 'guest' | 'player' | 'house';
  terms_accepted_at: string | null;
  birth_year: number | null;
  tells: number;
  published_count: Generated<number>;
  guess_count: Generated<number>;
  correct_count: Generated<number>;
  score_sum: Generated<number>;
  created_at: string;
  updated_at: string;
}

export interface SessionRow {
  id: string;
  user_id: string;
  user_agent: string | null;
  created_at: string;
  last_used_at: string;
  ended_at: string | null;
}

export interface RefreshTokenRow {
  /** Hex SHA-256 of the token. */
  token_hash: string;
  session_id: string;
  created_at: string;
  expires_at: string;
  spent_at: string | null;
}

export interface ChallengeRow {
  id: string;
  user_id: string;
  title: string;
  prompt: string | null;
  story: string | null;
  /** JSON, three of string or null. */
  statements: string;
  audience: Audience;
  transition: Generated<Transition>;
  status: ChallengeState;
  /** JSON of `Segment[]`, written at the merge. */
  video_segments: string;
  /** `blob:` and the hash of the merged video. */
  merged_video_url: string | null;
  /** `blob:` and the hash of the poster. */
  poster_url: string | null;
  /** JSON of the wire's `Analysis` without the record, written when all clips that may be measured are. */
  ai_analysis: string | null;
  /** JSON, three flags: may this clip's tells be measured, where the person allows it at all? */
  tell_choices: Generated<string>;
  commitment: string | null;
  guess_count: Generated<number>;
  failed_step: Step | null;
  failed_reason: string | null;
  published_at: string | null;
  /** The clips' own files are let go from this time on. */
  clips_until: string | null;
  /** A slim rendition has taken the heavy video's place; that one is let go from this time on. */
  heavy_until: string | null;
  created_at: string;
  updated_at: string;
}

/** The secret half of a challenge, in a table of its own so that no ordinary query carries it. */
export interface AnswerRow {
  challenge_id: string;
  lie_index: SegmentIndex | null;
  /** 64 hex digits, drawn when the lie is locked. */
  nonce: string | null;
  /** How many took each statement for the lie. */
  picks_0: Generated<number>;
  picks_1: Generated<number>;
  picks_2: Generated<number>;
}

export interface ClipRow {
  id: string;
  challenge_id: string;
  segment_index: SegmentIndex;
  status: ClipState;
  /** Hex SHA-256 of the file as it was uploaded. */
  source_hash: string;
  /** Of the canonical clip; the same as the source where nothing was redone; null until it is ready. */
  canonical_hash: string | null;
  /** JSON arrays. */
  reasons: string;
  notices: string;
  duration_seconds: number | null;
  width: number | null;
  height: number | null;
  size_bytes: number;
  created_at: string;
  updated_at: string;
}

export interface ResponseRow {
  id: string;
  challenge_id: string;
  user_id: string;
  /** JSON: guess, confidence, the distribution, hinted, response time as the server saw it. */
  guess_data: string;
  score: number;
  /** 1 where the pick was the lie; it stays when the answer is gone. */
  correct: number;
  created_at: string;
}

/** A player's guesses with a confidence in one bin (game/calibration.ts). */
export interface CalibrationBinRow {
  user_id: string;
  bin: number;
  guesses: number;
  correct: number;
  /** Sum of the confidences. */
  confidence: number;
}

/** A resumable upload that is under way. */
export interface UploadRow {
  id: string;
  user_id: string;
  challenge_id: string;
  segment_index: SegmentIndex;
  /** JSON, the tus server's own record. */
  tus: string;
  created_at: string;
  expires_at: string;
}

/** Who needs a blob: `clip:<id>:source`, `clip:<id>:canonical`, `challenge:<id>:video`, `challenge:<id>:poster`. */
export interface BlobRefRow {
  owner: string;
  hash: string;
  created_at: string;
}

export interface EventRow {
  id: Generated<number>;
  challenge_id: string;
  audience: 'author' | 'guessed' | 'everyone';
  /** JSON of the wire event. */
  data: string;
  created_at: string;
}

export interface JobRow {
  id: string;
  kind: string;
  payload: string;
  status: 'waiting' | 'running' | 'dead';
  /** Unique among the rows. */
  dedupe_key: string | null;
  priority: number;
  lane: JobLane;
  /** The player whose work it is. */
  owner: string | null;
  /** Lower goes first among equal priorities: one more for each job that its owner has before it (adapters/job-rows.ts). */
  turn: number;
  run_at: string;
  /** Runs that threw. */
  attempts: number;
  /** Times it was taken, kills included. */
  claims: number;
  max_attempts: number;
  worker: string | null;
  /** The fencing token: counts every time the job is taken. */
  fence: number;
  lease_until: string | null;
  progress: number;
  last_error: string | null;
  created_at: string;
}

export interface IdempotencyRow {
  user_id: string;
  key: string;
  endpoint: string;
  /** Hex SHA-256 of the parameters and the body. */
  request_hash: string;
  /** The id of what the request makes, drawn before; null in rows of the first version. */
  resource_id: string | null;
  /** Null until the request is answered. */
  status: number | null;
  body: string | null;
  created_at: string;
}

/** What was measured in a clip. No row: nothing was, yet or ever. */
export interface ClipAnalysisRow {
  clip_id: string;
  challenge_id: string;
  user_id: string;
  /** The clip's; the same file of the same person is measured once. */
  source_hash: string;
  /** Names of the models. */
  model: string;
  /** JSON of `ClipAnalysis`; null where measuring broke off. */
  result: string | null;
  /** JSON of its `ComparedClip`, so that a person's other clips are compared with it at little cost; null where there is no result, or an old one. */
  compared: string | null;
  created_at: string;
}

/** The short form of a finished analysis, for the record and for the author's own statistics. */
export interface ChallengeTellsRow {
  challenge_id: string;
  user_id: string;
  /** Where the strongest signal is; null: no clear signal. */
  strongest_index: SegmentIndex | null;
  /** JSON, for each segment: name, unit and difference of each signal. */
  signals: string;
  /** 1 once it is part of the record. */
  counted: number;
  created_at: string;
}

/** The one row of the record, id 1. */
export interface TellRecordRow {
  id: number;
  /** With a clear signal. */
  challenges: number;
  /** Of them, where the signal lay on the lie. */
  pointed: number;
  /** Guesses on them, and how many were right. */
  guesses: number;
  correct: number;
}

/** A device that wants notifications: one for each session at the most. */
export interface PushTokenRow {
  session_id: string;
  user_id: string;
  /** JSON of `PushAddress`. A secret. */
  address: string;
  /** Hex SHA-256 of what names the device; unique: a device belongs to one session. */
  address_hash: string;
  language: 'en' | 'de';
  /** What it wants to hear, 0 or 1. */
  published: number;
  failed: number;
  guessed: number;
  /** When the next digest is due; null: none is wanted. */
  digest_at: string | null;
  /** Id of the job that is sending just now. */
  sending: string | null;
  updated_at: string;
}
