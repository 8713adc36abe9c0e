/** What one player may keep on this server before it is published. Asked where it begins: what has begun is never lost to a quota. */
import { Problem } from '@2t1l/contract/problems';
import { CLIP_MAX_BYTES, DRAFTS, GUEST_DRAFTS } from '@2t1l/game/limits';
import type { Db, Tx } from '../ports.ts';
import { countUnpublished } from '../store/challenges.ts';
import { clipsUnpublished } from '../store/clips.ts';
import { uploadsUnderWay } from '../store/uploads.ts';
import { isGuest } from '../store/users.ts';
import type { Delivery } from './receive-clip.ts';

const MEGABYTE = 1_000_000;

/** Throws `too_many_drafts` where the player may not begin another challenge. */
export async function refuseDraft(tx: Tx, playerId: string): Promise<void> {
  const { most } = await quotaOf(tx, playerId);
  if ((await countUnpublished(tx, playerId, most)) === most) {
    throw new Problem('too_many_drafts', { detail: `${most} challenges at a time may wait to be published.` });
  }
}

/**
 * Throws `drafts_too_large` where a clip of `sizeBytes` has no room (null: as large as a clip may be). Clips that lie at the
 * delivery's place would be replaced, so they do not count; uploads under way count whole.
 */
export async function refuseBytes(db: Db | Tx, delivery: Delivery, sizeBytes: number | null): Promise<void> {
  const { bytes: most } = await quotaOf(db, delivery.player_id);
  const clips = await clipsUnpublished(db, delivery.player_id);
  const kept = clips.filter(
    (clip) =>
      clip.challenge_id !== delivery.challenge_id || (delivery.segment_index !== null && clip.segment_index !== delivery.segment_index),
  );
  const uploads = await uploadsUnderWay(db, delivery.player_id);
  const sizes = [...kept.map((clip) => clip.size_bytes), ...uploads.map(({ tus }) => tus.size ?? CLIP_MAX_BYTES)];
  const sum = sizes.reduce((total, size) => total + size, sizeBytes ?? CLIP_MAX_BYTES);
  if (sum > most) {
    throw new Problem('drafts_too_large', {
      detail: `The clips of challenges that are not published may have ${most / MEGABYTE} MB together; with this one they would have ${Math.ceil(sum / MEGABYTE)}.`,
    });
  }
}

async function quotaOf(db: Db | Tx, playerId: string) {
  return (await isGuest(db, playerId)) ? GUEST_DRAFTS : DRAFTS;
}
