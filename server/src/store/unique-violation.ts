/** The one foreign error that the flow acts on: a row that would break a unique key. Known by its shape, so that no driver is imported. */

/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE (sqlite.org/rescode.html). */
const SQLITE_CODES: readonly unknown[] = [1555, 2067];

/**
 * True where `error` says that a unique or primary key was violated; with `column`, only where that column is part of the key
 * (a bare name, `email_key`, or with its table, `users.email_key`).
 */
export function isUniqueViolation(error: unknown, column?: string): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || !SQLITE_CODES.includes(error.errcode)) {
    return false;
  }
  if (column === undefined) {
    return true;
  }
  // "UNIQUE constraint failed: challenge_responses.user_id, challenge_responses.challenge_id"
  const columns = error.message.slice(error.message.indexOf(':') + 1).split(',');
  return columns.map((name) => name.trim()).some((name) => name === column || name.endsWith(`.${column}`));
}
