/** The last byte of a resumable upload has come: it becomes a clip exactly once, however often this is asked and wherever a kill fell. */
import { stat } from 'node:fs/promises';
import { Problem } from '@2t1l/contract/problems';
import type { Ports } from '../ports.ts';
import { findRef, uploadOwner } from '../store/blob-refs.ts';
import { transact } from '../store/transact.ts';
import { findUpload, type StoredUpload, updateTus } from '../store/uploads.ts';
import { hashFile, reserveBlob } from './keep-blob.ts';
import { takeClip } from './receive-clip.ts';

type FinishPorts = Pick<Ports, 'db' | 'blobs' | 'jobs' | 'events' | 'clock' | 'ids'>;

export interface FinishedBytes {
  /** The upload's file; gone where an earlier attempt has already moved it into the store. */
  path: string;
  /** Hex SHA-256 as counted on the way in; null where it is to be read from the file. */
  hash: string | null;
}

/**
 * The id of the upload's clip. The reservation in the database names the bytes before they move, so that an attempt after a kill
 * finds them. Throws `upload_not_found`, `upload_expired` where the bytes are gone, and what receiving a clip throws.
 */
export async function finishUpload(uploadId: string, bytes: FinishedBytes, ports: FinishPorts): Promise<string> {
  const upload = await findUpload(ports.db, uploadId);
  if (upload === undefined) {
    throw new Problem('upload_not_found');
  }
  if (upload.tus.clip_id !== null) {
    return upload.tus.clip_id;
  }
  const stored = await store(upload, bytes, ports);
  return transact(ports.db, async (tx) => {
    // Asked again inside: another attempt may have been quicker.
    const now = await findUpload(tx, uploadId);
    if (now === undefined) {
      throw new Problem('upload_not_found');
    }
    if (now.tus.clip_id !== null) {
      return now.tus.clip_id;
    }
    if (stored === null) {
      throw new Problem('upload_expired');
    }
    const { hash, size_bytes } = stored;
    const delivery = { challenge_id: upload.challenge_id, player_id: upload.user_id, segment_index: upload.segment_index };
    const clip = await takeClip(tx, delivery, { reserved: { owner: uploadOwner(uploadId), hash }, size_bytes }, ports);
    await updateTus(tx, uploadId, { ...now.tus, clip_id: clip.id });
    return clip.id;
  });
}

interface StoredBytes {
  hash: string;
  size_bytes: number;
}

/** Moves the bytes into the store under a reservation that lives as long as the upload; null where they are nowhere. */
async function store(upload: StoredUpload, bytes: FinishedBytes, ports: FinishPorts): Promise<StoredBytes | null> {
  const file = await stat(bytes.path).catch(() => null);
  if (file === null) {
    const moved = await findRef(ports.db, uploadOwner(upload.id));
    const blob = moved === undefined ? null : await ports.blobs.stat(moved.hash);
    return moved === undefined || blob === null ? null : { hash: moved.hash, size_bytes: blob.size_bytes };
  }
  const hash = bytes.hash ?? (await hashFile(bytes.path)).hash;
  await reserveBlob({ owner: uploadOwner(upload.id), hash }, ports);
  await ports.blobs.put(bytes.path, hash);
  return { hash, size_bytes: file.size };
}
