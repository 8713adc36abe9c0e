/** A clip has arrived, by whichever door: it is stored, gets its place in the challenge and goes into check. */
import type { SegmentIndex } from '@2t1l/game/challenge';
import type { ClipFacts } from '@2t1l/game/view';
import type { Ports, Tx } from '../ports.ts';
import { deleteClipAnalysis, voidAnalysis } from '../store/analyses.ts';
import { type BlobRef, canonicalOwner, posterOwner, sourceOwner, videoOwner } from '../store/blob-refs.ts';
import { type Challenge, updateChallenge } from '../store/challenges.ts';
import { type Clip, clipFacts, deleteClip, insertClip, listClips } from '../store/clips.ts';
import { presentClip } from '../store/present.ts';
import { transact } from '../store/transact.ts';
import { checkJob, enter } from './flow.ts';
import { claimBlob, keepFile, releaseBlob } from './keep-blob.ts';
import { findOwnChallenge } from './own-challenge.ts';
import { placeClip } from './place-clip.ts';
import { refuseBytes } from './refuse-over-quota.ts';
import { timeAt } from './times.ts';

export interface Delivery {
  challenge_id: string;
  player_id: string;
  /** Null: the next free place. */
  segment_index: SegmentIndex | null;
}

export interface ReceivedFile {
  /** A finished local file; it is moved into the store. */
  path: string;
  /** Hex SHA-256 of its bytes. */
  hash: string;
  size_bytes: number;
}

type ReceivePorts = Pick<Ports, 'db' | 'blobs' | 'jobs' | 'events' | 'clock' | 'ids'>;

/**
 * Throws what would make `receiveClip` refuse, before any byte has come: `challenge_not_found`, `challenge_locked`, `too_many_clips`.
 * Without an index the place may change until the bytes are there.
 */
export async function checkDelivery(delivery: Delivery, { db }: Pick<Ports, 'db'>): Promise<SegmentIndex> {
  const challenge = await findOwnChallenge(db, delivery.challenge_id, delivery.player_id);
  const clips = await listClips(db, challenge.id);
  // With an index the bytes may be those that are there already, which is no change: that shows only when they have come.
  if (delivery.segment_index !== null && clips.some((clip) => clip.segment_index === delivery.segment_index)) {
    return delivery.segment_index;
  }
  return placeClip(challenge.status, clips, { segment_index: delivery.segment_index, hash: null }).segment_index;
}

/** Stores the file and makes it the challenge's clip; the same bytes at the same index give the clip that is there. Throws `drafts_too_large` too. */
export async function receiveClip(delivery: Delivery, file: ReceivedFile, ports: ReceivePorts): Promise<ClipFacts> {
  const segment_index = await checkDelivery(delivery, ports);
  await refuseBytes(ports.db, { ...delivery, segment_index }, file.size_bytes);
  const reserved = await keepFile(file.path, file.hash, ports);
  return transact(ports.db, (tx) => takeClip(tx, delivery, { reserved, size_bytes: file.size_bytes }, ports));
}

/** The transaction of `receiveClip`, for bytes that are in the store already under a reservation; uses the reservation up. */
export async function takeClip(
  tx: Tx,
  delivery: Delivery,
  bytes: { reserved: BlobRef; size_bytes: number },
  ports: ReceivePorts,
): Promise<ClipFacts> {
  const challenge = await findOwnChallenge(tx, delivery.challenge_id, delivery.player_id);
  const clips = await listClips(tx, challenge.id);
  const { segment_index, same, replaces } = placeClip(challenge.status, clips, {
    segment_index: delivery.segment_index,
    hash: bytes.reserved.hash,
  });
  if (same !== null) {
    await releaseBlob(tx, bytes.reserved.owner, ports);
    return clipFacts(same);
  }
  if (replaces !== null) {
    await dropClip(tx, replaces.id, ports);
    await voidAnalysis(tx, challenge.id);
  }
  const clip = newClip(challenge.id, segment_index, bytes, ports);
  await insertClip(tx, clip);
  await claimBlob(tx, bytes.reserved, sourceOwner(clip.id), ports);
  await reopen(tx, challenge, ports);
  await ports.jobs.add(tx, checkJob(clip.id, challenge.user_id));
  await ports.events.add(tx, { type: 'clip.changed', challenge_id: challenge.id, clip: presentClip(clipFacts(clip)) }, 'author');
  return clipFacts(clip);
}

/** Deletes a clip's row and lets its files go. */
export async function dropClip(tx: Tx, clipId: string, ports: Pick<Ports, 'clock' | 'ids'>): Promise<void> {
  await deleteClip(tx, clipId);
  await deleteClipAnalysis(tx, clipId);
  await releaseBlob(tx, sourceOwner(clipId), ports);
  await releaseBlob(tx, canonicalOwner(clipId), ports);
}

/** A clip has changed: what was merged of the old ones is void, and what had failed may be tried anew. */
async function reopen(tx: Tx, challenge: Challenge, ports: ReceivePorts): Promise<void> {
  if (challenge.status === 'draft') {
    await updateChallenge(tx, challenge.id, { updated_at: timeAt(ports) });
    return;
  }
  await releaseBlob(tx, videoOwner(challenge.id), ports);
  await releaseBlob(tx, posterOwner(challenge.id), ports);
  await enter(tx, ports, challenge, 'draft', { merged_video_url: null, poster_url: null, video_segments: '[]' });
  // A clip whose check was given up has no job any more; where one waits or runs, nothing is added.
  for (const clip of await listClips(tx, challenge.id)) {
    if (clip.status === 'checking') {
      await ports.jobs.add(tx, checkJob(clip.id, challenge.user_id));
    }
  }
}

function newClip(
  challengeId: string,
  index: SegmentIndex,
  { reserved, size_bytes }: { reserved: BlobRef; size_bytes: number },
  ports: Pick<Ports, 'clock' | 'ids'>,
): Clip {
  const now = timeAt(ports);
  return {
    id: ports.ids.next(),
    challenge_id: challengeId,
    segment_index: index,
    status: 'checking',
    source_hash: reserved.hash,
    canonical_hash: null,
    reasons: '[]',
    notices: '[]',
    duration_seconds: null,
    width: null,
    height: null,
    size_bytes,
    created_at: now,
    updated_at: now,
  };
}
