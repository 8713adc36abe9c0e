/** Resumable uploads, tus 1.0.0 (tus.io/protocols/resumable-upload): every request with token and ownership, every refusal a problem. */
import { Readable } from 'node:stream';
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import { Id } from '@2t1l/contract/schemas';
import { Server, TUS_RESUMABLE, type Upload } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { beginUpload } from '../flow/begin-upload.ts';
import { finishUpload } from '../flow/finish-upload.ts';
import type { Ports } from '../ports.ts';
import { findUpload, type StoredUpload } from '../store/uploads.ts';
import { drain } from './drain.ts';
import type { UploadConfig } from './form-upload.ts';
import { type Guard, gate, type Player } from './gate.ts';
import type { App } from './route.ts';
import { bytesOnDisk, TusFiles } from './tus-files.ts';
import { TusLocks } from './tus-locks.ts';
import { tusProblem } from './tus-problems.ts';

const PATH = `${API_PREFIX}/uploads`;
const GUARD: Guard = { auth: 'player', scope: 'write', rate: 'upload' };
const OPEN: Guard = { auth: 'none', scope: 'read', rate: 'upload' };
const BODY_TYPE = 'application/offset+octet-stream';
/** What the tus server says in its own way and the hooks of every request say in ours. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set(['content-length', 'content-type', 'connection']);

const Metadata = z.object({
  challenge_id: Id,
  segment_index: z
    .literal(['0', '1', '2'])
    .transform((digit) => Number(digit) as 0 | 1 | 2)
    .optional(),
});

type TusRequest = Parameters<Server['handleWeb']>[0];

/** One tus request while it is handled. */
interface Handling {
  player_id: string | null;
  error: unknown;
}

export function uploadRoutes(app: App, ports: Ports, config: UploadConfig): void {
  const uploads = new Uploads(ports, config);
  app.register(async (scope) => {
    // The body stays unread here: the tus server takes it from the request.
    scope.addContentTypeParser(BODY_TYPE, (_request, _payload, done) => done(null));
    const route = (method: string | string[], url: string, guard: Guard) =>
      scope.route({
        method,
        url,
        onRequest: gate(app, guard),
        bodyLimit: config.max_content_length,
        handler: (request, reply) => uploads.answer(request, reply),
      });
    route('POST', PATH, GUARD);
    route('OPTIONS', PATH, OPEN);
    route(['HEAD', 'PATCH', 'DELETE', 'POST'], `${PATH}/:id`, GUARD);
    route('OPTIONS', `${PATH}/:id`, OPEN);
  });
}

class Uploads {
  readonly #ports: Ports;
  readonly #files: TusFiles;
  readonly #server: Server;
  readonly #handling = new WeakMap<object, Handling>();
  /** Two requests that both see the last byte wait for one and the same finish. */
  readonly #finishing = new Map<string, Promise<string>>();

  constructor(ports: Ports, { max_content_length }: UploadConfig) {
    const locks = new TusLocks(ports.clock);
    this.#ports = ports;
    this.#files = new TusFiles(ports, (id) => locks.touch(id));
    this.#server = new Server({
      path: PATH,
      datastore: this.#files,
      locker: locks,
      maxSize: max_content_length,
      relativeLocation: true,
      lockDrainTimeout: 1,
      namingFunction: () => ports.ids.next(),
      onUploadCreate: (request, upload) => this.#begin(request, upload),
      onUploadFinish: async (_request, upload) => ({ headers: { 'Upload-Clip': await this.#finish(upload.id, upload.size ?? 0) } }),
      onResponseError: (request, error) => {
        const handling = this.#handling.get(request);
        if (handling !== undefined) {
          handling.error = error;
        }
        return undefined;
      },
    });
  }

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const method = methodOf(request);
    reply.header('tus-resumable', TUS_RESUMABLE);
    try {
      if (method !== 'OPTIONS' && request.headers['tus-resumable'] !== TUS_RESUMABLE) {
        reply.header('tus-version', TUS_RESUMABLE);
        throw new Problem('tus_version_unsupported');
      }
      const { id } = request.params as { id?: string };
      const upload = id === undefined || method === 'OPTIONS' ? null : await this.#own(id, request.player);
      const clipId = upload === null || method === 'DELETE' ? null : await this.#finishIfWhole(upload);
      const isDeferred = (upload?.tus.size ?? null) === null && request.headers['upload-length'] === undefined;
      const response = await this.#handle(method, request, upload?.id ?? null, isDeferred);
      for (const [name, value] of response.headers) {
        if (!NOT_PASSED_ON.has(name) && !name.startsWith('access-control-')) {
          reply.header(name, value);
        }
      }
      if (clipId !== null) {
        reply.header('upload-clip', clipId);
      }
      return reply.code(response.status).send();
    } finally {
      drain(request);
    }
  }

  /** Gives the request to the tus server; what it refuses is thrown as a Problem. */
  async #handle(method: string, request: FastifyRequest, id: string | null, isDeferred: boolean): Promise<Response> {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      headers.set(name, String(value));
    }
    const hasBody = method === 'PATCH' || method === 'POST';
    // The tus server takes what follows the last slash, even in a query, for the id: it is shown the one that was found to be the player's.
    const url = `http://tus${PATH}${id === null ? '' : `/${id}`}`;
    // What the tus server reads of a web request; it is not one of undici's, which would not carry Content-Length.
    const asked = { method, headers, url, body: hasBody ? Readable.toWeb(request.raw) : null };
    const handling: Handling = { player_id: request.player?.id ?? null, error: null };
    this.#handling.set(asked, handling);
    const response = await this.#server.handleWeb(asked as unknown as TusRequest);
    if (response.status < 400) {
      return response;
    }
    throw tusProblem(handling.error ?? { status_code: response.status, body: await response.text() }, isDeferred);
  }

  async #own(id: string, player: Player | null): Promise<StoredUpload> {
    const upload = await findUpload(this.#ports.db, id.toLowerCase());
    if (upload === undefined || upload.user_id !== player?.id) {
      throw new Problem('upload_not_found');
    }
    if (upload.expires_at <= new Date(this.#ports.clock.now()).toISOString()) {
      throw new Problem('upload_expired');
    }
    return upload;
  }

  async #begin(request: TusRequest, upload: Upload): Promise<{ metadata?: Upload['metadata'] }> {
    const parsed = Metadata.safeParse(upload.metadata ?? {});
    if (!parsed.success) {
      const errors = parsed.error.issues.map((issue) => ({ pointer: `#/metadata/${issue.path.join('/')}`, detail: issue.message }));
      throw new Problem('invalid_request', { detail: 'Upload-Metadata needs challenge_id, and may have segment_index.', errors });
    }
    const player_id = this.#handling.get(request)?.player_id;
    if (player_id == null) {
      throw new Problem('unauthenticated');
    }
    const { challenge_id, segment_index = null } = parsed.data;
    const tus = { size: upload.size ?? null, metadata: { ...upload.metadata }, clip_id: null };
    await beginUpload(upload.id, { challenge_id, player_id, segment_index }, tus, this.#ports);
    return {};
  }

  /** After a kill between the last byte and the clip, the next request of the client finishes the job. */
  async #finishIfWhole(upload: StoredUpload): Promise<string | null> {
    const { size, clip_id } = upload.tus;
    if (clip_id !== null || size === null) {
      return clip_id;
    }
    const bytes = await bytesOnDisk(this.#files.pathOf(upload.id));
    return bytes === null || bytes === size ? this.#finish(upload.id, size) : null;
  }

  #finish(id: string, size: number): Promise<string> {
    const running = this.#finishing.get(id);
    if (running !== undefined) {
      return running;
    }
    const bytes = { path: this.#files.pathOf(id), hash: this.#files.digest(id, size) };
    const finish = finishUpload(id, bytes, this.#ports).finally(() => this.#finishing.delete(id));
    this.#finishing.set(id, finish);
    return finish;
  }
}

/** tus lets clients that know GET and POST only name the method in a header. */
function methodOf({ method, headers }: FastifyRequest): string {
  const named = headers['x-http-method-override'];
  return method === 'POST' && typeof named === 'string' ? named.toUpperCase() : method;
}
