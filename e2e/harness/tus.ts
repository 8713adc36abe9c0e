/** tus 1.0.0 by hand, for what a well-behaved client would never send; `sendByTus` is the real client. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UPLOAD_CHUNK_BYTES } from '@2t1l/game/limits';
import { Upload } from 'tus-js-client';
import type { Api } from './api.ts';

const TUS = { 'tus-resumable': '1.0.0' };
const UPLOADS = '/api/v1/uploads';

export interface TusTarget {
  challenge_id: string;
  segment_index: number;
}

/** POST: begins an upload of `size` bytes. */
export function tusCreate(api: Api, target: TusTarget, size: number, headers: Record<string, string> = {}): Promise<Response> {
  const metadata = { ...target, filename: 'clip.mp4', filetype: 'video/mp4' };
  return api.fetch(UPLOADS, {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(size), 'upload-metadata': metadataOf(metadata), ...headers },
  });
}

/** PATCH: sends `bytes` at `offset`. */
export function tusPatch(api: Api, url: string, offset: number, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  return api.fetch(url, {
    method: 'PATCH',
    headers: { ...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream', ...headers },
    body: bytes,
  });
}

/** HEAD: where the upload stands. */
export function tusHead(api: Api, url: string): Promise<Response> {
  return api.fetch(url, { method: 'HEAD', headers: TUS });
}

export interface SendOptions {
  chunkBytes?: number;
  /** How long it waits before each new try; without them the first failure is the last. */
  retryDelays?: number[];
  /** Gets the share that has been handed over, 0 to 1. */
  onProgress?: (share: number) => void;
}

/** The real client: in chunks, resumes by itself after every failure. Gives the upload's address. */
export async function sendByTus(api: Api, target: TusTarget, path: string, options: SendOptions = {}): Promise<string> {
  const { size } = await stat(path);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const upload: Upload = new Upload(createReadStream(path), {
    endpoint: `${api.origin}${UPLOADS}`,
    chunkSize: options.chunkBytes ?? UPLOAD_CHUNK_BYTES,
    retryDelays: options.retryDelays ?? null,
    uploadSize: size,
    metadata: {
      challenge_id: target.challenge_id,
      segment_index: String(target.segment_index),
      filename: 'clip.mp4',
      filetype: 'video/mp4',
    },
    headers: { authorization: `Bearer ${api.token}` },
    onProgress: (sentBytes) => options.onProgress?.(sentBytes / size),
    onError: reject,
    onSuccess: () => resolve(upload.url ?? ''),
  });
  upload.start();
  return promise;
}

/** `key base64(value)` pairs (tus 1.0.0, Upload-Metadata). */
function metadataOf(fields: Record<string, string | number>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key} ${Buffer.from(String(value)).toString('base64')}`)
    .join(',');
}
