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
const DAY_SECONDS = 24 * 60 * MINUTE_SECONDS;
/** Failures against one account from one address, whether the account exists or not. */
const PAIR_RULE: LimitRule = { points: 10, seconds: 15 * MINUTE_SECONDS };
/** Failures from one address; a school or a party stands behind one. */
const ADDRESS_RULE: LimitRule = { points: 100, seconds: 60 * MINUTE_SECONDS };
/**
 * Failures a day against one account from all addresses together, without those that it was used from before: the first ones
 * follow each other freely, the next have to wait, and those after them longer. That is 250 guesses a day, however many guess.
 */
const STRANGERS = [
  { tries: 50, every_seconds: 0 },
  { tries: 50, every_seconds: MINUTE_SECONDS },
  { tries: Number.MAX_SAFE_INTEGER, every_seconds: 10 * MINUTE_SECONDS },
];
/** How long an address counts as one of the account's, as well as the cache remembers. */
const KNOWN_SECONDS = 90 * DAY_SECONDS;

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

/** The account was made or used from here: strangers who guess at it elsewhere do not slow it down here. */
export async function rememberAddress(email: string, address: string, { cache }: Pick<PlayerPorts, 'cache'>): Promise<void> {
  await cache.set(pairKey(emailKey(email), address), 'known', KNOWN_SECONDS);
}

async function verifyThrottled(
  email_key: string,
  hash: string | null,
  password: string,
  origin: Origin,
  { cache, limits, passwords }: PlayerPorts,
): Promise<void> {
  const pair = pairKey(email_key, origin.address);
  // Points are taken before the password is looked at, which takes a while: tries side by side would all find room otherwise.
  // A try that no password was held against costs nothing; the address comes first, so that one without points locks no account.
  const points = new Points(limits);
  let isWrong = false;
  try {
    if (origin.throttled) {
      await points.spend(`login-address:${origin.address}`, ADDRESS_RULE);
      await points.spend(pair, PAIR_RULE);
      if ((await cache.get(pair)) === null) {
        await spendAsStranger(`login-account:${digest(email_key)}`, points);
      }
    }
    isWrong = !(await passwords.verify(hash, password));
  } finally {
    if (!isWrong) {
      await points.giveBack();
    }
  }
  if (isWrong) {
    throw new Problem('credentials_wrong');
  }
  await limits.reset(pair);
  await cache.set(pair, 'known', KNOWN_SECONDS);
}

async function spendAsStranger(account: string, points: Points): Promise<void> {
  for (const { tries, every_seconds } of STRANGERS) {
    const key = `${account}:${every_seconds}`;
    if (await points.trySpend(key, { points: tries, seconds: DAY_SECONDS })) {
      if (every_seconds > 0) {
        await points.spend(`${key}:pace`, { points: 1, seconds: every_seconds });
      }
      return;
    }
  }
}

/** What one try has taken. */
class Points {
  readonly #limits: Limits;
  readonly #spent: [string, LimitRule][] = [];

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Throws `login_throttled` where there is none. */
  async spend(key: string, rule: LimitRule): Promise<void> {
    const { allowed, retry_after_seconds } = await this.#limits.take(key, rule);
    if (!allowed) {
      throw new Problem('login_throttled', { retry_after_seconds });
    }
    this.#spent.push([key, rule]);
  }

  async trySpend(key: string, rule: LimitRule): Promise<boolean> {
    const { allowed } = await this.#limits.take(key, rule);
    if (allowed) {
      this.#spent.push([key, rule]);
    }
    return allowed;
  }

  async giveBack(): Promise<void> {
    await Promise.all(this.#spent.map(([key, rule]) => this.#limits.giveBack(key, rule)));
  }
}

function pairKey(email_key: string, address: string): string {
  return `login-pair:${digest(`${address} ${email_key}`)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
