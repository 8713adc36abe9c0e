/** Sends one clip by tus 1.0.0, from wherever an earlier attempt stopped. */
import { Problem } from '@2t1l/contract/problems';
import type { SegmentIndex } from '@2t1l/game/challenge';
import { UPLOAD_CHUNK_BYTES } from '@2t1l/game/limits';
import { type HttpRequest, type HttpResponse, Upload } from 'tus-js-client';
import { asksForNewToken, NetworkError, problemFrom, type UnknownProblem } from '../api/problem.ts';
import { API_PREFIX } from '../api/routes.ts';
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

/** Without a byte moving for so long a connection is taken for dead: a network that was walked out of says nothing. */
const STALLED_MS = 30_000;

/** What an attempt leaves to the next: the token it used, the upload it began, the clip that came of it. */
interface Traces {
  token: string | null;
  upload_url: string | null;
  clip_id: string | null;
}

/** Resolves when the server has every byte, with its clip's id where it says so. Throws `Problem`, `NetworkError` or `BytesLost`; after an abort the signal's reason. */
export async function sendClip(options: SendClipOptions): Promise<string | null> {
  const input = await clipStore.sendable(options.clip.take_id);
  if (input === null) {
    throw new BytesLost(options.clip.take_id);
  }
  // Every request asks for a fresh token; a 401 all the same means that the server's clock or key differs: once more with a new one.
  const traces: Traces = { token: null, upload_url: options.upload_url, clip_id: null };
  try {
    await attempt(options, input, traces);
  } catch (error) {
    if (traces.token === null || !asksForNewToken(error)) {
      throw error;
    }
    await session.refresh(traces.token);
    await attempt(options, input, traces);
  }
  return traces.clip_id;
}

type Input = Blob | { uri: string; size: number };

function attempt(options: SendClipOptions, input: Input, traces: Traces): Promise<void> {
  const { clip, signal, onProgress } = options;
  let stalled: ReturnType<typeof setTimeout> | undefined;
  return new Promise<void>((resolve, reject) => {
    const watch = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => {
        upload.abort().catch(() => undefined);
        reject(new NetworkError('timeout'));
      }, STALLED_MS);
    };
    let refusal: ReturnType<typeof problemFrom> | null = null;
    // The types know Blobs alone; with a `fileReader` it takes whatever that reads.
    const upload = new Upload(input as Blob, {
      endpoint: apiUrl(`${API_PREFIX}/uploads`),
      uploadUrl: traces.upload_url,
      chunkSize: UPLOAD_CHUNK_BYTES,
      metadata: metadataOf(options),
      // The queue keeps the address and decides about another try.
      storeFingerprintForResuming: false,
      fingerprint: async () => clip.take_id,
      retryDelays: null,
      ...(fileReader === null ? {} : { fileReader }),
      onBeforeRequest: async (request: HttpRequest) => {
        watch();
        traces.token = await session.accessToken();
        if (traces.token !== null) {
          request.setHeader('Authorization', `Bearer ${traces.token}`);
        }
      },
      onAfterResponse: (request: HttpRequest, response: HttpResponse) => {
        watch();
        traces.clip_id = response.getHeader('Upload-Clip') ?? traces.clip_id;
        if (isRefusal(request.getMethod(), response.getStatus())) {
          refusal = request.getMethod() === 'HEAD' ? refusedHead(response) : problemFrom(asResponse(response));
          throw new Error(`the upload answered ${response.getStatus()}`);
        }
      },
      onUploadUrlAvailable: () => {
        traces.upload_url = upload.url;
        onProgress(0, upload.url);
      },
      onProgress: (sent) => {
        watch();
        onProgress(sent, upload.url);
      },
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
  }).finally(() => clearTimeout(stalled));
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

/** A HEAD has no body to say why: only that somebody else must log in is told by its status. All else may pass, a lock for one. */
async function refusedHead(response: HttpResponse): Promise<Problem | UnknownProblem> {
  return response.getStatus() === 401 ? problemFrom(asResponse(response)) : new Problem('busy');
}

function asResponse(response: HttpResponse): Response {
  const retryAfter = response.getHeader('Retry-After');
  return new Response(response.getBody(), { status: response.getStatus(), headers: retryAfter ? { 'Retry-After': retryAfter } : {} });
}
