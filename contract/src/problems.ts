/** The one table of problems. Everything a caller may act on is a code here; status and title live nowhere else (RFC 9457). */

export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request does not fit' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  host_not_allowed: { status: 400, title: 'This server does not answer for that host' },
  unauthenticated: { status: 401, title: 'Log in first' },
  token_invalid: { status: 401, title: 'The access token is not valid' },
  token_expired: { status: 401, title: 'The access token has expired' },
  session_ended: { status: 401, title: 'This session has ended' },
  credentials_wrong: { status: 401, title: 'E-mail address or password is wrong' },
  refresh_invalid: { status: 401, title: 'The refresh token is not valid' },
  refresh_reused: { status: 401, title: 'The refresh token was used before; its session has ended' },
  address_invalid: { status: 403, title: 'The signed address is wrong or has expired' },
  scope_missing: { status: 403, title: 'The token may not do this' },
  terms_required: { status: 403, title: 'Accept the terms and give your year of birth first' },
  too_young: { status: 403, title: 'Publishing needs an age of 13 or more' },
  own_challenge: { status: 403, title: 'This challenge is your own' },
  guess_first: { status: 403, title: 'The reveal comes after your guess' },
  not_found: { status: 404, title: 'There is nothing here' },
  challenge_not_found: { status: 404, title: 'There is no such challenge' },
  player_not_found: { status: 404, title: 'There is no such player' },
  clip_not_found: { status: 404, title: 'There is no such clip' },
  session_not_found: { status: 404, title: 'There is no such session' },
  push_token_missing: { status: 404, title: 'This device gets no notifications yet' },
  upload_not_found: { status: 404, title: 'There is no such upload' },
  upload_expired: { status: 410, title: 'The upload has expired; begin it again' },
  method_not_allowed: { status: 405, title: 'This address does not know that method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  email_taken: { status: 409, title: 'This e-mail address has an account' },
  username_taken: { status: 409, title: 'This name is taken' },
  not_a_guest: { status: 409, title: 'This is an account already' },
  guest_has_no_password: { status: 409, title: 'A guest has no password' },
  push_off: { status: 409, title: 'This server sends no notifications' },
  already_guessed: { status: 409, title: 'You have guessed this challenge before' },
  too_many_drafts: { status: 409, title: 'You have as many unpublished challenges as you may; publish or delete one' },
  drafts_too_large: { status: 409, title: 'The clips of your unpublished challenges take up as much as they may; publish or delete one' },
  clips_missing: { status: 409, title: 'Three clips are needed' },
  clip_refused: { status: 409, title: 'A clip was refused; record it again' },
  too_many_clips: { status: 409, title: 'This challenge has its three clips' },
  challenge_locked: { status: 409, title: 'This challenge cannot be changed any more' },
  lie_missing: { status: 409, title: 'Say which statement is the lie' },
  not_ready: { status: 409, title: 'The challenge is not ready to be published' },
  nothing_to_retry: { status: 409, title: 'No step of this challenge has failed' },
  upload_offset_wrong: { status: 409, title: 'The upload stands at another offset' },
  upload_locked: { status: 423, title: 'This upload is being written by another request' },
  idempotency_conflict: { status: 409, title: 'This idempotency key belongs to another request' },
  tus_version_unsupported: { status: 412, title: 'Only tus 1.0.0 is spoken here' },
  body_too_large: { status: 413, title: 'The body is too large' },
  clip_too_large: { status: 413, title: 'A clip may have 100 MB' },
  media_type_unsupported: { status: 415, title: 'This kind of body is not understood' },
  headers_too_large: { status: 431, title: 'The headers of the request are too large' },
  range_unsatisfiable: { status: 416, title: 'The range lies outside the file' },
  update_required: { status: 426, title: 'This version of the app is too old for the server; update it' },
  too_many_requests: { status: 429, title: 'Too many requests; wait a little' },
  too_many_streams: { status: 429, title: 'Too many event streams are open; close one' },
  login_throttled: { status: 429, title: 'Too many failed logins; wait a little' },
  internal: { status: 500, title: 'Something broke on our side' },
  busy: { status: 503, title: 'The server is busy; try again' },
  media_tool_missing: { status: 503, title: 'ffmpeg is missing on the server' },
  storage_full: { status: 507, title: 'The server has no space left' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One malformed field: a JSON pointer into the body (or `#/query/…`, `#/params/…`) and what is wrong there. */
export interface FieldError {
  pointer: string;
  detail: string;
}

export interface ProblemOptions {
  /** What happened in this case; shown to people, so no secrets. */
  detail?: string;
  errors?: readonly FieldError[];
  /** Seconds until a retry makes sense; becomes `Retry-After`. */
  retry_after_seconds?: number;
  cause?: unknown;
}

/** The error that flow, stories and routes throw for everything a caller may act on. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly retry_after_seconds: number | undefined;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? PROBLEMS[code].title, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.retry_after_seconds = options.retry_after_seconds;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** The body of `application/problem+json` for a code. */
export function problemBody(problem: Problem, instance?: string): ProblemJson {
  const { status, title } = PROBLEMS[problem.code];
  return {
    type: `urn:2t1l:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(instance === undefined ? {} : { instance }),
    ...(problem.errors.length === 0 ? {} : { errors: [...problem.errors] }),
  };
}

export interface ProblemJson {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail?: string;
  instance?: string;
  errors?: FieldError[];
}
