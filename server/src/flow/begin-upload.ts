/** A resumable upload is announced: it gets its place in the challenge before its first byte. */
import { Problem } from '@2t1l/contract/problems';
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { CLIPS_PER_CHALLENGE } from '@2t1l/game/limits';
import type { Ports, Tx } from '../ports.ts';
import { uploadOwner } from '../store/blob-refs.ts';
import { listClips } from '../store/clips.ts';
import { transact } from '../store/transact.ts';
import { countUploads, deleteUpload, insertUpload, type TusRecord, uploadsOfChallenge } from '../store/uploads.ts';
import { releaseBlob } from './keep-blob.ts';
import { checkDelivery, type Delivery } from './receive-clip.ts';
import { refuseBytes } from './refuse-over-quota.ts';
import { DAY, timeAt } from './times.ts';

/** An upload is forgotten this long after it was begun. */
export const UPLOAD_LIFETIME = DAY;
/** Uploads of one player at a time, finished ones of the last day among them. */
const UPLOADS_MAX = 100;

/** Throws `challenge_not_found`, `challenge_locked`, `too_many_clips`, `drafts_too_large` and, with too many uploads at a time, `too_many_requests`. */
export async function beginUpload(id: string, delivery: Delivery, tus: TusRecord, ports: Pick<Ports, 'db' | 'clock'>): Promise<void> {
  const { challenge_id, player_id } = delivery;
  await transact(ports.db, async (tx) => {
    const segment_index = await freePlace(delivery, tx);
    if ((await countUploads(tx, player_id, UPLOADS_MAX)) === UPLOADS_MAX) {
      throw new Problem('too_many_requests', { detail: `${UPLOADS_MAX} uploads a day can be kept.`, retry_after_seconds: 3600 });
    }
    await refuseBytes(tx, { ...delivery, segment_index }, tus.size);
    await insertUpload(tx, {
      id,
      user_id: player_id,
      challenge_id,
      segment_index,
      tus,
      created_at: timeAt(ports),
      expires_at: timeAt(ports, UPLOAD_LIFETIME),
    });
  });
}

/** Forgets an upload, however far it came; a clip that was made of it stays. Its file is the caller's matter. */
export async function forgetUpload(tx: Tx, id: string, ports: Pick<Ports, 'clock' | 'ids'>): Promise<void> {
  await releaseBlob(tx, uploadOwner(id), ports);
  await deleteUpload(tx, id);
}

/** Uploads that run side by side without saying their place get one each. */
async function freePlace(delivery: Delivery, tx: Tx): Promise<SegmentIndex> {
  const place = await checkDelivery(delivery, { db: tx });
  if (delivery.segment_index !== null) {
    return place;
  }
  const clips = await listClips(tx, delivery.challenge_id);
  if (clips.length === CLIPS_PER_CHALLENGE) {
    return place;
  }
  const uploads = await uploadsOfChallenge(tx, delivery.challenge_id);
  const taken = new Set([...clips, ...uploads.filter((upload) => upload.tus.clip_id === null)].map((one) => one.segment_index));
  return SEGMENT_INDEXES.find((index) => !taken.has(index)) ?? place;
}
