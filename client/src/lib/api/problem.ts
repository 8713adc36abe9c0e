import { PROBLEMS, Problem, type ProblemCode, type ProblemJson } from '@2t1l/contract/problems';

export type NetworkCode = 'offline' | 'timeout';
export type ErrorCode = ProblemCode | NetworkCode;

/** The server was not reached, or did not answer in time. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkCode;

  constructor(code: NetworkCode, cause?: unknown) {
    super(code === 'offline' ? 'the server cannot be reached' : 'the server did not answer in time', { cause });
    this.code = code;
  }
}

/** The code to switch on, whatever was thrown; what nobody planned is `internal`. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof Problem || error instanceof NetworkError ? error.code : 'internal';
}

/** Worth a refresh and a second try. Of a session that was ended elsewhere the refresh tells for certain, and the app forgets it then. */
const ABOUT_THE_TOKEN: readonly ErrorCode[] = ['token_expired', 'token_invalid', 'unauthenticated', 'session_ended'];

/** True where the server has refused the token that was sent, whatever the call was. */
export function asksForNewToken(error: unknown): boolean {
  return ABOUT_THE_TOKEN.includes(codeOf(error));
}

/** Reads an answer that is not a success. A body that is no problem of ours (a proxy's page) becomes `internal` or `busy`. */
export async function problemFrom(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as Partial<ProblemJson> | null;
  const retryAfter = Number(response.headers.get('Retry-After'));
  const code = body?.code && body.code in PROBLEMS ? body.code : fallbackCode(response.status);
  return new Problem(code, {
    ...(body?.detail ? { detail: body.detail } : {}),
    ...(body?.errors ? { errors: body.errors } : {}),
    ...(retryAfter > 0 ? { retry_after_seconds: retryAfter } : {}),
  });
}

function fallbackCode(status: number): ProblemCode {
  if (status === 404) {
    return 'not_found';
  }
  if (status === 429) {
    return 'too_many_requests';
  }
  return status === 502 || status === 503 || status === 504 ? 'busy' : 'internal';
}
