import { Problem } from '@2t1l/contract/problems';

/** The name of a system error, `ENOENT`; undefined where it is another error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A `storage_full` Problem where the disk or the quota is used up; any other error as it is. */
export function translateDiskError(error: unknown): unknown {
  const errno = errnoOf(error);
  return errno === 'ENOSPC' || errno === 'EDQUOT' ? new Problem('storage_full', { cause: error }) : error;
}
