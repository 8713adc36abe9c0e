/** Sends one clip by tus 1.0.0, from wherever an earlier attempt stopped. */
import { API_PREFIX } from '@2t1l/contract/endpoints';
import type { Problem } from '@2t1l/contract/problems';
import type { SegmentIndex } from '@2t1l/game/challenge';
import { UPLOAD_CHUNK_BYTES } from '@2t1l/game/limits';
import { type HttpRequest, type HttpResponse, Upload } from 'tus-js-client';
import { asksForNewToken, NetworkError, problemFrom } from '../api/problem.ts';
import { session } from '../api.ts';
import { apiUrl } from '../base-url.ts';
import { BytesLost } from './bytes-lost.ts';
import { clipStore } from './clip-store';
import type { LocalClip } from './draft.ts';
import { fileReader } from './file-reader';

export interface SendClipOptions {
  challenge_id: string;
  index: SegmentIndex;
  clip: LocalClip;
  /** Where an earlier attempt stopped. */
  upload_url: string | null;
  /** Aborted with `'replaced'`, the half-sent upload is taken off the server too. */
  signal: AbortSignal;
  onProgress(sentBytes: number, uploadUrl: string | null): void;
}

/** Resolves when the server has every byte. Throws `Problem`, `NetworkError` or `BytesLost`; after an abort the signal's reason. */
export async function sendClip(options: SendClipOptions): Promise<void> {
  const input = await clipStore.sendable(options.clip.take_id);
  if (input === null) {
    throw new BytesLost(options.clip.take_id);
  }
  // Every request asks for a fresh token; a 401 all the same means that the server's clock or key differs: once more with a new one.
  const spent = { token: null as string | null };
  try {
    await attempt(options, input, spent);
  } catch (error) {
    if (spent.token === null || !asksForNewToken(error)) {
      throw error;
    }
    await session.refresh(spent.token);
    await attempt(options, input, spent);
  }
}

type Input = Blob | { uri: string; size: number };

function attempt(options: SendClipOptions, input: Input, spent: { token: string | null }): Promise<void> {
  const { clip, signal, onProgress } = options;
  return new Promise((resolve, reject) => {
    let refusal: Promise<Problem> | null = null;
    // The types know Blobs alone; with a `fileReader` it takes whatever that reads.
    const upload = new Upload(input as Blob, {
      endpoint: apiUrl(`${API_PREFIX}/uploads`),
      uploadUrl: options.upload_url,
      chunkSize: UPLOAD_CHUNK_BYTES,
      metadata: metadataOf(options),
      // The queue keeps the address and decides about another try.
      storeFingerprintForResuming: false,
      fingerprint: async () => clip.take_id,
      retryDelays: null,
      ...(fileReader === null ? {} : { fileReader }),
      onBeforeRequest: async (request: HttpRequest) => {
        spent.token = await session.accessToken();
        if (spent.token !== null) {
          request.setHeader('Authorization', `Bearer ${spent.token}`);
        }
      },
      onAfterResponse: (request: HttpRequest, response: HttpResponse) => {
        if (isRefusal(request.getMethod(), response.getStatus())) {
          refusal = problemFrom(asResponse(response));
          throw new Error(`the upload answered ${response.getStatus()}`);
        }
      },
      onUploadUrlAvailable: () => onProgress(0, upload.url),
      onProgress: (sent) => onProgress(sent, upload.url),
      onSuccess: () => resolve(),
      onError: (error) => {
        if (refusal === null) {
          reject(new NetworkError('offline', error));
        } else {
          refusal.then(reject, reject);
        }
      },
    });
    signal.addEventListener('abort', () => {
      upload.abort(signal.reason === 'replaced').catch(() => undefined);
      reject(signal.reason);
    });
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    upload.start();
  });
}

function metadataOf({ challenge_id, index, clip }: SendClipOptions): Record<string, string> {
  const extension = clip.media_type === 'video/webm' ? 'webm' : 'mp4';
  return { challenge_id, segment_index: String(index), filename: `statement-${index + 1}.${extension}`, filetype: clip.media_type };
}

/**
 * tus begins an upload anew after any refused HEAD. That is right where the upload is gone, and wrong after an expired token or
 * a busy server, which would throw away what was sent.
 */
function isRefusal(method: string, status: number): boolean {
  const isGone = method === 'HEAD' && (status === 403 || status === 404 || status === 410);
  return status >= 400 && !isGone;
}

function asResponse(response: HttpResponse): Response {
  const retryAfter = response.getHeader('Retry-After');
  return new Response(response.getBody(), { status: response.getStatus(), headers: retryAfter ? { 'Retry-After': retryAfter } : {} });
}
