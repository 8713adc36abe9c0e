/** Access tokens: JWT, HS256, signed by the current key of the ring and read by any key of it (`kid`). */
import { Problem } from '@2t1l/contract/problems';
import { createDecoder, createSigner, createVerifier } from 'fast-jwt';
import type { Ports } from '../ports.ts';

/** Who a request is from. Frozen: one object serves all requests with the same token. */
export interface Player {
  readonly id: string;
  readonly session_id: string;
  readonly scope: readonly string[];
  readonly role: 'guest' | 'player' | 'house';
  /** When the token expires, ms since 1970. */
  readonly expires_ms: number;
}

export interface AccessTokens {
  /** A new token for all scopes and the seconds until it expires. */
  sign(player: Pick<Player, 'id' | 'session_id' | 'role'> & { scope?: readonly string[] }): { access_token: string; expires_in: number };
  /** The player of a good token, else the Problem to answer with. Says nothing of whether the session still lives. */
  read(token: string): Player | Problem;
}

const FULL_SCOPE = ['read', 'write'] as const;
const MAX_TOKEN_LENGTH = 2000;
/** Tokens whose signature need not be checked again; at most twice as many are kept. */
const RECENT_TOKENS = 5_000;
/** `typ` of an access token (RFC 9068, 2.1), so that no other JWT of ours passes for one. */
const TYPE = 'at+jwt';

/** Tokens live for `minutes`. */
export function accessTokens({ keys, clock }: Pick<Ports, 'keys' | 'clock'>, minutes: number): AccessTokens {
  const sign = signer(keys);
  const verified = new RecentTokens();
  const verifiers = new Map<string, (token: string) => unknown>();
  const decode = createDecoder({ complete: true });

  return {
    sign(player) {
      const iat = Math.floor(clock.now() / 1000);
      const expires_in = minutes * 60;
      const claims = { sub: player.id, sid: player.session_id, scope: player.scope ?? FULL_SCOPE, role: player.role };
      return { access_token: sign({ ...claims, iat, exp: iat + expires_in }), expires_in };
    },
    read(token) {
      let player = verified.get(token);
      if (player === undefined) {
        const verdict = verify(token);
        if (verdict instanceof Problem) {
          return verdict;
        }
        player = verdict;
        verified.set(token, player);
      }
      return clock.now() < player.expires_ms ? player : new Problem('token_expired');
    },
  };

  function verify(token: string): Player | Problem {
    if (token.length > MAX_TOKEN_LENGTH) {
      return new Problem('token_invalid');
    }
    try {
      const { kid } = decode(token).header as { kid?: unknown };
      if (typeof kid !== 'string') {
        return new Problem('token_invalid');
      }
      return playerOf(verifierOf(kid)(token)) ?? new Problem('token_invalid');
    } catch (cause) {
      return new Problem('token_invalid', { cause });
    }
  }

  function verifierOf(kid: string): (token: string) => unknown {
    const known = verifiers.get(kid);
    if (known !== undefined) {
      return known;
    }
    const key = keys.key('access-token', kid);
    if (key === null) {
      throw new Error('unknown key id');
    }
    // Expiry is held against our own clock, above; the algorithm is fixed, so `none` and every other are refused.
    const made = createVerifier({ key: Buffer.from(key), algorithms: ['HS256'], checkTyp: TYPE, ignoreExpiration: true });
    verifiers.set(kid, made);
    return made;
  }
}

function signer(keys: Ports['keys']): (claims: object) => string {
  const key = keys.key('access-token', keys.current);
  if (key === null) {
    throw new Error('the current key is not in the key ring');
  }
  return createSigner({ key: Buffer.from(key), algorithm: 'HS256', header: { alg: 'HS256', typ: TYPE, kid: keys.current } });
}

/** Null where the claims are not those that `sign` writes. */
function playerOf(claims: unknown): Player | null {
  const { sub, sid, exp, scope, role } = claims as Record<string, unknown>;
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number' || !Array.isArray(scope)) {
    return null;
  }
  if (role !== 'guest' && role !== 'player' && role !== 'house') {
    return null;
  }
  return Object.freeze({ id: sub, session_id: sid, scope: scope.filter((one) => typeof one === 'string'), role, expires_ms: exp * 1000 });
}

/** Two generations: when the young one is full the old one is dropped, so that the memory is bounded and what is in use stays. */
class RecentTokens {
  #young = new Map<string, Player>();
  #old = new Map<string, Player>();

  get(token: string): Player | undefined {
    const young = this.#young.get(token);
    if (young !== undefined) {
      return young;
    }
    const old = this.#old.get(token);
    if (old !== undefined) {
      this.set(token, old);
    }
    return old;
  }

  set(token: string, player: Player): void {
    if (this.#young.size >= RECENT_TOKENS) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(token, player);
  }
}
