/** Logging in and changing the password. Only failures count against the limits, and an account that is not there fails like any other. */
import { createHash } from 'node:crypto';
import type { Call } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import type { Tokens } from '@2t1l/contract/schemas';
import type { LimitRule, Limits } from '../ports.ts';
import { transact } from '../store/transact.ts';
import type { Player } from './access-tokens.ts';
import { emailKey } from './names.ts';
import { openSession, type PlayerPorts, type TokenPorts } from './open-session.ts';
import { endSessions } from './session-state.ts';
import { otherSessions } from './sessions.ts';

const MINUTE_SECONDS = 60;
/** Failures against one account, whether it exists or not. */
const ACCOUNT_RULE: LimitRule = { points: 10, seconds: 15 * MINUTE_SECONDS };
/** Failures from one address; a school or a party stands behind one. */
const ADDRESS_RULE: LimitRule = { points: 100, seconds: 60 * MINUTE_SECONDS };

/** Where a try comes from; `throttled` is false where the server runs without limits. */
export interface Origin {
  /** The client's address, a /64 of IPv6. */
  address: string;
  user_agent: string | null;
  throttled: boolean;
}

/** Throws `credentials_wrong` for an unknown address as for a wrong password, `login_throttled`, `busy`. */
export async function login(body: Call<'login'>['body'], origin: Origin, ports: TokenPorts): Promise<Tokens> {
  const email_key = emailKey(body.email);
  const user = await ports.db
    .selectFrom('users')
    .select(['id', 'username', 'role', 'password_hash'])
    .where('email_key', '=', email_key)
    .executeTakeFirst();
  await verifyThrottled(email_key, user?.password_hash ?? null, body.password, origin, ports);
  if (user === undefined) {
    throw new Problem('credentials_wrong');
  }
  return transact(ports.db, (tx) => openSession(tx, user, origin.user_agent, ports));
}

/** Every other session ends. Throws `credentials_wrong`, `guest_has_no_password`, `login_throttled`, `busy`. */
export async function changePassword(
  player: Player,
  body: Call<'changePassword'>['body'],
  origin: Origin,
  ports: PlayerPorts,
): Promise<void> {
  const user = await ports.db
    .selectFrom('users')
    .select(['email_key', 'password_hash'])
    .where('id', '=', player.id)
    .executeTakeFirstOrThrow();
  if (user.password_hash === null || user.email_key === null) {
    throw new Problem('guest_has_no_password');
  }
  await verifyThrottled(user.email_key, user.password_hash, body.password, origin, ports);
  const password_hash = await ports.passwords.hash(body.new_password);
  await transact(ports.db, async (tx) => {
    const changed = await tx
      .updateTable('users')
      .set({ password_hash, updated_at: new Date(ports.clock.now()).toISOString() })
      .where('id', '=', player.id)
      .where('password_hash', '=', user.password_hash)
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) {
      throw new Problem('credentials_wrong');
    }
    await endSessions(tx, await otherSessions(tx, player), ports);
  });
}

async function verifyThrottled(
  email_key: string,
  hash: string | null,
  password: string,
  origin: Origin,
  { limits, passwords }: PlayerPorts,
): Promise<void> {
  const account = `login-account:${createHash('sha256').update(email_key).digest('base64url')}`;
  const points: [string, LimitRule][] = [
    [`login-address:${origin.address}`, ADDRESS_RULE],
    [account, ACCOUNT_RULE],
  ];
  // Points are taken before the password is looked at, which takes a while: tries side by side would all find room otherwise.
  // A try that no password was held against costs nothing; the address comes first, so that one without points locks no account.
  const spent: [string, LimitRule][] = [];
  let isWrong = false;
  try {
    for (const [key, rule] of origin.throttled ? points : []) {
      await takeOrRefuse(limits, key, rule);
      spent.push([key, rule]);
    }
    isWrong = !(await passwords.verify(hash, password));
  } finally {
    if (!isWrong) {
      await Promise.all(spent.map(([key, rule]) => limits.giveBack(key, rule)));
    }
  }
  if (isWrong) {
    throw new Problem('credentials_wrong');
  }
  await limits.reset(account);
}

async function takeOrRefuse(limits: Limits, key: string, rule: LimitRule): Promise<void> {
  const { allowed, retry_after_seconds } = await limits.take(key, rule);
  if (!allowed) {
    throw new Problem('login_throttled', { retry_after_seconds });
  }
}
