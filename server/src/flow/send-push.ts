/** Sends one notification to one device, and looks later what became of it. A dead push service costs nobody else anything. */
import type { News, Ports, PushMessage, RunningJob } from '../ports.ts';
import { findChallenge } from '../store/challenges.ts';
import { beginSending, deleteGonePushToken, endSending, type PushDevice } from '../store/push-tokens.ts';
import { transact } from '../store/transact.ts';
import { pushWords } from './push-texts.ts';
import { DAY, HOUR, MINUTE, SECOND } from './times.ts';

/** Expo has its receipts after about a quarter of an hour, for a day. */
const RECEIPT_AFTER = 15 * MINUTE;
const RECEIPT_LOOKS = 3;
/** How long a push service keeps a message for a device that is off. */
const KEPT: Record<News, number> = {
  published: DAY,
  failed: DAY,
  refused: DAY,
  guessed: 12 * HOUR,
  digest: 12 * HOUR,
  test: 5 * MINUTE,
};

type SendPorts = Pick<Ports, 'db' | 'jobs' | 'push' | 'log'>;

/** The job. What is not true or not wanted any more is not sent. */
export async function sendPush(job: RunningJob<'push'>, ports: SendPorts): Promise<void> {
  const { session_id, news } = job.payload;
  const device = await transact(ports.db, (tx) => beginSending(tx, session_id, job.id));
  const isOff = device === null || !ports.push.kinds.includes(device.address.kind);
  const message = isOff ? null : await messageFor(device, job.payload, ports);
  if (device === null || message === null) {
    await transact(ports.db, async (tx) => {
      await endSending(tx, session_id, job.id);
      await job.done(tx);
    });
    return;
  }
  const sent = await ports.push.send(device.address, message, job.signal).catch(async (error: unknown) => {
    await transact(ports.db, (tx) => endSending(tx, session_id, job.id));
    throw error;
  });
  if (sent.outcome === 'refused') {
    ports.log.warn({ news, kind: device.address.kind, reason: sent.reason }, 'a push service refused a notification');
  }
  await transact(ports.db, async (tx) => {
    await endSending(tx, session_id, job.id);
    await job.done(tx);
    if (sent.outcome === 'gone') {
      await deleteGonePushToken(tx, session_id, device.address_hash);
    } else if (sent.outcome === 'sent' && sent.receipt !== null) {
      const payload = { session_id, address_hash: device.address_hash, receipt: sent.receipt, looks: 1 };
      await ports.jobs.add(tx, { kind: 'push-receipt', payload, lane: 'outside', delay_seconds: RECEIPT_AFTER / SECOND });
    }
  });
}

/** The job: the push service has heard from the device's own network by now. */
export async function readReceipt(job: RunningJob<'push-receipt'>, ports: SendPorts): Promise<void> {
  const { session_id, address_hash, receipt, looks } = job.payload;
  const { outcome, reason } = await ports.push.receipt(receipt, job.signal);
  if (outcome === 'refused') {
    ports.log.warn({ reason }, 'a notification was not delivered');
  }
  await transact(ports.db, async (tx) => {
    await job.done(tx);
    if (outcome === 'gone') {
      await deleteGonePushToken(tx, session_id, address_hash);
    } else if (outcome === 'pending' && looks < RECEIPT_LOOKS) {
      const payload = { ...job.payload, looks: looks + 1 };
      await ports.jobs.add(tx, { kind: 'push-receipt', payload, lane: 'outside', delay_seconds: (2 * RECEIPT_AFTER) / SECOND });
    }
  });
}

/** Null where it is not so any more, or the player has changed their mind. */
async function messageFor(
  device: PushDevice,
  { news, challenge_id, count }: RunningJob<'push'>['payload'],
  { db }: Pick<Ports, 'db'>,
): Promise<PushMessage | null> {
  if (news === 'test') {
    return message(device, news, { title: '', count, path: '/me', tag: news });
  }
  if (!device.wants[news === 'refused' ? 'failed' : news]) {
    return null;
  }
  if (news === 'digest') {
    return message(device, news, { title: '', count, path: '/', tag: news });
  }
  const challenge = challenge_id === null ? undefined : await findChallenge(db, challenge_id);
  if (challenge === undefined || challenge.user_id !== device.user_id || challenge.status !== STATE[news]) {
    return null;
  }
  const path = news === 'failed' || news === 'refused' ? `/sending/${challenge.id}` : `/c/${challenge.id}`;
  // The newest news about a challenge takes the place of the one before it.
  const tag = challenge.id.replaceAll('-', '');
  return message(device, news, { title: challenge.title, count: news === 'guessed' ? challenge.guess_count : count, path, tag });
}

/** In which state the news is still true. */
const STATE = { published: 'published', guessed: 'published', failed: 'failed', refused: 'draft' } as const;

function message(device: PushDevice, news: News, of: { title: string; count: number; path: string; tag: string }): PushMessage {
  return { ...pushWords(device.language, news, of), path: of.path, tag: of.tag, ttl_seconds: KEPT[news] / SECOND };
}
