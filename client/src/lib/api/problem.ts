import { PROBLEMS, Problem, type ProblemCode, type ProblemJson } from '@2t1l/contract/problems';

export type NetworkCode = 'offline' | 'timeout';
/** `unknown`: a refusal for a reason that only newer versions of the app know. */
export type ErrorCode = ProblemCode | NetworkCode | 'unknown';

/** The server was not reached, or did not answer in time. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkCode;

  constructor(code: NetworkCode, cause?: unknown) {
    super(code === 'offline' ? 'the server cannot be reached' : 'the server did not answer in time', { cause });
    this.code = code;
  }
}

/** The server refuses for a reason that this version of the app does not know. */
export class UnknownProblem extends Error {
  override readonly name = 'UnknownProblem';
  readonly code = 'unknown';
}

/** The code to switch on, whatever was thrown; what nobody planned is `internal`. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof Problem || error instanceof NetworkError || error instanceof UnknownProblem ? error.code : 'internal';
}

/** Worth a refresh and a second try. Of a session that was ended elsewhere the refresh tells for certain, and the app forgets it then. */
const ABOUT_THE_TOKEN: readonly ErrorCode[] = ['token_expired', 'token_invalid', 'unauthenticated', 'session_ended'];

/** True where the server has refused the token that was sent, whatever the call was. */
export function asksForNewToken(error: unknown): boolean {
  return ABOUT_THE_TOKEN.includes(codeOf(error));
}

/** Reads an answer that is not a success. A body that is no problem of ours (a proxy's page) becomes `internal` or `busy`; a code that we do not know, what its status says. */
export async function problemFrom(response: Response): Promise<Problem | UnknownProblem> {
  const body = (await response.json().catch(() => null)) as Partial<ProblemJson> | null;
  const retryAfter = Number(response.headers.get('Retry-After'));
  const code = body?.code && body.code in PROBLEMS ? body.code : fallbackCode(response.status);
  if (code === null) {
    return new UnknownProblem(`the server answered ${response.status} ${body?.code ?? 'without a code'}`);
  }
  return new Problem(code, {
    ...(body?.detail ? { detail: body.detail } : {}),
    ...(body?.errors ? { errors: body.errors } : {}),
    ...(retryAfter > 0 ? { retry_after_seconds: retryAfter } : {}),
  });
}

/** What the statuses of RFC 9110 say by themselves; null for a refusal that they do not explain. */
const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  404: 'not_found',
  410: 'not_found',
  426: 'update_required',
  429: 'too_many_requests',
  502: 'busy',
  503: 'busy',
  504: 'busy',
};

function fallbackCode(status: number): ProblemCode | null {
  return BY_STATUS[status] ?? (status >= 500 ? 'internal' : null);
}
