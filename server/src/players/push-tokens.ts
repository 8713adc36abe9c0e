/** What a player's device wants to hear; asked for by the device itself, and gone with its session. */
import { Problem } from '@2t1l/contract/problems';
import type { PushState, PushTokenBody } from '@2t1l/contract/push';
import { firstDigest, pushJob } from '../flow/tell-player.ts';
import type { Ports, PushAddress } from '../ports.ts';
import { deletePushTokens, findPushState, trimPushTokens, writePushToken } from '../store/push-tokens.ts';
import { transact } from '../store/transact.ts';
import type { Player } from './access-tokens.ts';

/** Devices of one player that are told. */
const DEVICES_MAX = 10;

export async function readPushState(player: Player, { db, push }: Pick<Ports, 'db' | 'push'>): Promise<PushState> {
  return { kinds: [...push.kinds], web_key: push.web_key, device: await findPushState(db, player.session_id) };
}

/** Throws `push_off`, `session_ended`, and `invalid_request` for an address that is none of a push service. */
export async function putPushToken(player: Player, body: PushTokenBody, ports: Pick<Ports, 'db' | 'push' | 'clock'>): Promise<void> {
  if (!ports.push.kinds.includes(body.kind)) {
    throw new Problem('push_off');
  }
  const address = addressOf(body);
  if (!ports.push.takes(address)) {
    throw new Problem('invalid_request', {
      errors: [{ pointer: '#/subscription/endpoint', detail: 'not the address of a push service that this server knows' }],
    });
  }
  await transact(ports.db, async (tx) => {
    // It may have ended while the request was on its way: a token must never outlive it.
    const session = await tx.selectFrom('sessions').select('ended_at').where('id', '=', player.session_id).executeTakeFirst();
    if (session === undefined || session.ended_at !== null) {
      throw new Problem('session_ended');
    }
    await writePushToken(tx, {
      session_id: player.session_id,
      user_id: player.id,
      language: body.language,
      address,
      wants: body.wants,
      digest_at: firstDigest(ports),
      updated_at: new Date(ports.clock.now()).toISOString(),
    });
    await trimPushTokens(tx, player.id, DEVICES_MAX);
  });
}

/** Nothing happens where the device gets nothing. */
export async function forgetPushToken(player: Player, { db }: Pick<Ports, 'db'>): Promise<void> {
  await transact(db, (tx) => deletePushTokens(tx, [player.session_id]));
}

/** One message to the device that asks. Throws `push_off` and `push_token_missing`. */
export async function testPush(player: Player, { db, jobs, push }: Pick<Ports, 'db' | 'jobs' | 'push'>): Promise<void> {
  if (push.kinds.length === 0) {
    throw new Problem('push_off');
  }
  await transact(db, async (tx) => {
    if ((await findPushState(tx, player.session_id)) === null) {
      throw new Problem('push_token_missing');
    }
    await jobs.add(tx, pushJob({ session_id: player.session_id, news: 'test', challenge_id: null, count: 0 }, player.id));
  });
}

function addressOf({ kind, token, subscription }: PushTokenBody): PushAddress {
  if (kind === 'expo') {
    return { kind, token: token ?? '' };
  }
  return { kind, endpoint: subscription?.endpoint ?? '', p256dh: subscription?.keys.p256dh ?? '', auth: subscription?.keys.auth ?? '' };
}
