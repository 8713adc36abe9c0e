/** The least that a row needs, for tests of what lies below the flow. */
import type { Insertable } from 'kysely';
import type { UserRow } from '../src/store/tables.ts';

const NOW = '2026-01-01T00:00:00.000Z';

/** A player; `key` makes the name and the address its own. */
export function userRow(id: string, key: string = id): Insertable<UserRow> {
  return {
    id,
    email: `${key}@example.com`,
    email_key: `${key}@example.com`,
    username: key,
    username_key: key,
    password_hash: null,
    role: 'player',
    terms_accepted_at: null,
    birth_year: null,
    tells: 0,
    created_at: NOW,
    updated_at: NOW,
  };
}
