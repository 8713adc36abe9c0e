/** One clip as one multipart form: field `video`, and perhaps `segment_index`, before or after it. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import { Id, UploadAnswer } from '@2t1l/contract/schemas';
import type { SegmentIndex } from '@2t1l/game/challenge';
import { CLIPS_PER_CHALLENGE } from '@2t1l/game/limits';
import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { findOwnChallenge } from '../flow/own-challenge.ts';
import { type ReceivedFile, receiveClip } from '../flow/receive-clip.ts';
import { refuseBytes } from '../flow/refuse-over-quota.ts';
import type { Ports } from '../ports.ts';
import { presentClip } from '../store/present.ts';
import { drain } from './drain.ts';
import { type Guard, gate, type Player } from './gate.ts';
import { openPlaces } from './places.ts';
import type { App } from './route.ts';

export interface UploadConfig {
  /** Largest clip, in bytes of the file itself. */
  max_content_length: number;
}

const GUARD: Guard = { auth: 'player', scope: 'write', rate: 'upload' };
const Params = z.object({ id: Id });
/** What a form adds to the file: boundaries, headers and the other field. */
const FORM_BYTES = 64 * 1024;
const FIELD_BYTES = 100;
const PARTS_MAX = 8;
/** One for each clip of a challenge: how large a form becomes no quota knows before its end. */
const PLAYER_FORMS_MAX = CLIPS_PER_CHALLENGE;
const RETRY_SECONDS = 5;

export function formUploadRoutes(app: App, ports: Ports, { max_content_length }: UploadConfig): void {
  const places = openPlaces({ code: 'too_many_requests', what: 'forms', retry_after_seconds: RETRY_SECONDS });
  app.register(async (scope) => {
    await scope.register(multipart, {
      throwFileSizeLimit: false,
      limits: { fileSize: max_content_length, fieldSize: FIELD_BYTES, parts: PARTS_MAX, files: PARTS_MAX, fields: PARTS_MAX },
    });
    scope.route({
      method: 'POST',
      url: `${API_PREFIX}/challenges/:id/upload`,
      onRequest: gate(app, GUARD),
      bodyLimit: max_content_length + FORM_BYTES,
      schema: { params: Params, response: { 202: UploadAnswer } },
      handler: async (request, reply) => {
        try {
          if (app.edge.limits && request.player !== null) {
            places.take(reply.raw, [{ key: request.player.id, most: PLAYER_FORMS_MAX }]);
          }
          const clip = await receiveForm(request, ports, max_content_length);
          return await reply.code(202).send({ clip: presentClip(clip) });
        } finally {
          drain(request);
        }
      },
    });
  });
}

async function receiveForm(request: FastifyRequest, ports: Ports, maxBytes: number) {
  const { id } = request.params as z.output<typeof Params>;
  const { id: player_id } = request.player as Player;
  if (!request.isMultipart()) {
    throw new Problem('media_type_unsupported', { detail: 'Send the clip as multipart/form-data, field `video`.' });
  }
  await findOwnChallenge(ports.db, id, player_id);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + FORM_BYTES) {
    throw tooLarge(maxBytes);
  }
  // Before the bytes come; how many they are shows with the last one.
  await refuseBytes(ports.db, { challenge_id: id, player_id, segment_index: null }, 1);
  const path = join(ports.folders.uploads, `form-${ports.ids.next()}`);
  try {
    const { file, segment_index } = await readForm(request, path, maxBytes).catch((error: unknown) => {
      throw formProblem(error);
    });
    return await receiveClip({ challenge_id: id, player_id, segment_index }, file, ports);
  } finally {
    await rm(path, { force: true });
  }
}

interface Form {
  file: ReceivedFile;
  segment_index: SegmentIndex | null;
}

async function readForm(request: FastifyRequest, path: string, maxBytes: number): Promise<Form> {
  let file: ReceivedFile | null = null;
  let segment_index: SegmentIndex | null = null;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      segment_index = readIndex(part.fieldname, part.value);
    } else if (part.fieldname !== 'video' || file !== null) {
      throw refused(part.fieldname, file === null ? 'the file belongs into the field `video`' : 'one file at a time');
    } else {
      // Without this the reader would skip the rest to its end, which a sender without a length need not have.
      part.file.once('limit', () => part.file.destroy(tooLarge(maxBytes)));
      file = await save(part.file, path);
      // A small limit may have been passed before anybody listened.
      if (part.file.truncated) {
        throw tooLarge(maxBytes);
      }
    }
  }
  if (file === null) {
    throw refused('video', 'missing');
  }
  return { file, segment_index };
}

/** What the form reader and the pipe throw is the sender's fault, except where a call to the system failed. */
function formProblem(error: unknown): unknown {
  if (error instanceof Problem || (error instanceof Error && 'syscall' in error)) {
    return error;
  }
  return new Problem('invalid_request', { detail: 'The form is broken off or not well-formed.', cause: error });
}

/** Streams to the disk, counting and hashing on the way. */
async function save(source: Readable, path: string): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  let size_bytes = 0;
  await pipeline(
    source,
    async function* count(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size_bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
  );
  return { path, hash: hash.digest('hex'), size_bytes };
}

function readIndex(name: string, value: unknown): SegmentIndex {
  if (name !== 'segment_index') {
    throw refused(name, 'unknown field');
  }
  if (value !== '0' && value !== '1' && value !== '2') {
    throw refused(name, '0, 1 or 2');
  }
  return Number(value) as SegmentIndex;
}

function refused(field: string, detail: string): Problem {
  return new Problem('invalid_request', { errors: [{ pointer: `#/${field.slice(0, FIELD_BYTES)}`, detail }] });
}

function tooLarge(maxBytes: number): Problem {
  return new Problem('clip_too_large', { detail: `A clip may have ${maxBytes} bytes.` });
}
