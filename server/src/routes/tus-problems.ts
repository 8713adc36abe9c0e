/** What the tus server says, in the words of the one table of problems. */
import { Problem, type ProblemCode } from '@2t1l/contract/problems';
import { ERRORS } from '@tus/server';

const CODES: readonly (readonly [unknown, ProblemCode])[] = [
  [ERRORS.INVALID_OFFSET, 'upload_offset_wrong'],
  [ERRORS.FILE_NOT_FOUND, 'upload_not_found'],
  [ERRORS.FILE_NO_LONGER_EXISTS, 'upload_expired'],
  [ERRORS.ERR_LOCK_TIMEOUT, 'upload_locked'],
  [ERRORS.ERR_MAX_SIZE_EXCEEDED, 'clip_too_large'],
];

/** `isDeferred`: the upload has not said its length, so that too many bytes can only be more than a clip may have. */
export function tusProblem(error: unknown, isDeferred: boolean): unknown {
  if (error instanceof Problem) {
    return error;
  }
  const code = CODES.find(([known]) => known === error)?.[1];
  if (code !== undefined) {
    return new Problem(code);
  }
  const { status_code, body } = error as { status_code?: unknown; body?: unknown };
  if (typeof status_code !== 'number' || typeof body !== 'string') {
    return error;
  }
  if (status_code === 413) {
    return isDeferred
      ? new Problem('clip_too_large')
      : new Problem('body_too_large', { detail: 'More bytes came than Upload-Length says.' });
  }
  return new Problem('invalid_request', { detail: body.trim() });
}
