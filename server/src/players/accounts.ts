/** Making an account: of nothing, of a guest; and the guest itself. Names and addresses are unique, also when two ask at once. */
import { Problem } from '@2t1l/contract/problems';
import type { RegisterBody, Tokens } from '@2t1l/contract/schemas';
import type { Db, Ports, Tx } from '../ports.ts';
import type { UserRow } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import type { Player } from './access-tokens.ts';
import { consentColumns } from './consents.ts';
import { emailKey, guestName, tidyUsername, usernameKey } from './names.ts';
import { giveTokens, openSession, type TokenPorts } from './open-session.ts';

const GUEST_NAME_TRIES = 20;

/** Throws `email_taken`, `username_taken`, `too_young`, `busy`. */
export async function register(body: RegisterBody, userAgent: string | null, ports: TokenPorts): Promise<Tokens> {
  const wanted = accountColumns(body, null, ports);
  await refuseTaken(ports.db, wanted);
  const password_hash = await ports.passwords.hash(body.password);
  return transact(ports.db, async (tx) => {
    const user = { ...newUser(ports), ...wanted, password_hash };
    if (!(await insertUser(tx, user))) {
      await refuseTaken(tx, wanted);
      throw new Error('an account could not be inserted, yet nothing of it is taken');
    }
    return openSession(tx, user, userAgent, ports);
  });
}

/** A player without any data, who can play, and record drafts. */
export async function makeGuest(userAgent: string | null, ports: TokenPorts): Promise<Tokens> {
  return transact(ports.db, async (tx) => {
    for (let tries = 0; tries < GUEST_NAME_TRIES; tries++) {
      const username = guestName(ports.chance);
      const user = { ...newUser(ports), username, username_key: usernameKey(username), role: 'guest' as const };
      if (await insertUser(tx, user)) {
        return openSession(tx, user, userAgent, ports);
      }
    }
    throw new Problem('busy', { detail: 'No free guest name was found.', retry_after_seconds: 1 });
  });
}

/** The guest becomes an account in place; the session stays. Throws `not_a_guest` and what `register` throws. */
export async function upgrade(player: Player, body: RegisterBody, ports: TokenPorts): Promise<Tokens> {
  const before = await readUser(ports.db, player.id);
  refuseNoGuest(before);
  const wanted = accountColumns(body, before.terms_accepted_at, ports);
  await refuseTaken(ports.db, wanted, player.id);
  const password_hash = await ports.passwords.hash(body.password);
  return changingUser(ports.db, wanted, player.id, async (tx) => {
    await refuseTaken(tx, wanted, player.id);
    const updated_at = new Date(ports.clock.now()).toISOString();
    const changed = await tx
      .updateTable('users')
      .set({ ...wanted, password_hash, updated_at })
      .where('id', '=', player.id)
      .where('role', '=', 'guest')
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) {
      throw new Problem('not_a_guest');
    }
    // The guest's refresh token goes; the new one takes its place in the same session, so running uploads go on.
    await tx.deleteFrom('refresh_tokens').where('session_id', '=', player.session_id).where('spent_at', 'is', null).execute();
    return giveTokens(tx, { id: player.id, username: wanted.username, role: 'player' }, player.session_id, ports);
  });
}

/** Gives the player another name. Throws `username_taken`. */
export async function rename(playerId: string, name: string, ports: Pick<Ports, 'db' | 'clock'>): Promise<void> {
  const username = tidyUsername(name);
  const wanted = { username, username_key: usernameKey(username) };
  await changingUser(ports.db, wanted, playerId, async (tx) => {
    await refuseTaken(tx, wanted, playerId);
    const updated_at = new Date(ports.clock.now()).toISOString();
    await tx
      .updateTable('users')
      .set({ ...wanted, updated_at })
      .where('id', '=', playerId)
      .execute();
  });
}

function accountColumns(body: RegisterBody, termsAcceptedAt: string | null, ports: Pick<Ports, 'clock'>) {
  const username = tidyUsername(body.username);
  return {
    email: body.email.trim(),
    email_key: emailKey(body.email),
    username,
    username_key: usernameKey(username),
    role: 'player' as const,
    ...consentColumns(body, termsAcceptedAt, ports),
  };
}

function newUser({ ids, clock }: Pick<Ports, 'ids' | 'clock'>) {
  const now = new Date(clock.now()).toISOString();
  return {
    id: ids.next(),
    email: null,
    email_key: null,
    password_hash: null,
    terms_accepted_at: null,
    birth_year: null,
    tells: 0,
    created_at: now,
    updated_at: now,
  };
}

/** False where a unique column is taken. */
async function insertUser(tx: Tx, user: Parameters<typeof insertable>[0]): Promise<boolean> {
  const inserted = await tx
    .insertInto('users')
    .values(insertable(user))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

function insertable(user: Omit<UserRow, 'published_count' | 'guess_count' | 'correct_count' | 'score_sum'>) {
  return user;
}

/** A change that races with another one fails at the unique index: then say what is taken. */
async function changingUser<T>(
  db: Db,
  wanted: { email_key?: string; username_key: string },
  ownId: string,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  try {
    return await transact(db, work);
  } catch (error) {
    if (!(error instanceof Problem)) {
      await refuseTaken(db, wanted, ownId);
    }
    throw error;
  }
}

/** Throws `email_taken` or `username_taken` where somebody but `ownId` has it. */
async function refuseTaken(db: Db, wanted: { email_key?: string; username_key: string }, ownId: string | null = null): Promise<void> {
  if (wanted.email_key !== undefined) {
    const owner = await db.selectFrom('users').select('id').where('email_key', '=', wanted.email_key).executeTakeFirst();
    if (owner !== undefined && owner.id !== ownId) {
      throw new Problem('email_taken');
    }
  }
  const owner = await db.selectFrom('users').select('id').where('username_key', '=', wanted.username_key).executeTakeFirst();
  if (owner !== undefined && owner.id !== ownId) {
    throw new Problem('username_taken');
  }
}

function refuseNoGuest(user: Pick<UserRow, 'role'>): void {
  if (user.role !== 'guest') {
    throw new Problem('not_a_guest');
  }
}

function readUser(db: Db, id: string) {
  return db.selectFrom('users').select(['role', 'terms_accepted_at']).where('id', '=', id).executeTakeFirstOrThrow();
}
