/** What of the API is no JSON call and so not in the contract's table: uploads, files, events. */
import type { Operations } from './openapi.ts';

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
const TUS = { name: 'Tus-Resumable', in: 'header', required: true, schema: { const: '1.0.0' } };
const NEEDS_TOKEN = [{ bearer: [] }];
const TAKES_TOKEN = [{}, { bearer: [] }];
const PROBLEM = {
  description: 'A problem',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** `302` to the signed address of one of a challenge's files. */
const wayTo = (operationId: string, summary: string) => ({
  get: {
    operationId,
    tags: ['challenges'],
    summary,
    security: TAKES_TOKEN,
    parameters: [ID],
    responses: { 302: { description: '`Location` is a signed address, valid for six hours or more' }, default: PROBLEM },
  },
});

/** Below the API's prefix. */
export const STREAM_PATHS: Operations = {
  '/challenges/{id}/upload': {
    post: {
      operationId: 'uploadClip',
      tags: ['uploads'],
      summary: 'Send one clip in one request; the first free segment is taken where none is named',
      security: NEEDS_TOKEN,
      parameters: [ID],
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['video'],
              properties: {
                segment_index: { $ref: '#/components/schemas/SegmentIndex' },
                video: { type: 'string', contentMediaType: 'application/octet-stream', description: 'At most 100 MB' },
              },
            },
          },
        },
      },
      responses: {
        202: {
          description: 'Arrived; it is being checked',
          content: {
            'application/json': {
              schema: { type: 'object', required: ['clip'], properties: { clip: { $ref: '#/components/schemas/Clip' } } },
            },
          },
        },
        default: PROBLEM,
      },
    },
  },
  '/uploads': {
    post: {
      operationId: 'createUpload',
      tags: ['uploads'],
      summary: 'Begin a resumable upload (tus 1.0.0); metadata: challenge_id, segment_index, filename, filetype',
      security: NEEDS_TOKEN,
      parameters: [TUS, { name: 'Upload-Metadata', in: 'header', required: true, schema: { type: 'string' } }],
      responses: { 201: { description: '`Location` names the upload' }, default: PROBLEM },
    },
  },
  '/uploads/{id}': {
    patch: {
      operationId: 'continueUpload',
      tags: ['uploads'],
      summary: 'Send the next bytes',
      security: NEEDS_TOKEN,
      parameters: [ID, TUS, { name: 'Upload-Offset', in: 'header', required: true, schema: { type: 'integer' } }],
      requestBody: { required: true, content: { 'application/offset+octet-stream': {} } },
      responses: { 204: { description: '`Upload-Offset` says how far it is' }, default: PROBLEM },
    },
    head: {
      operationId: 'uploadOffset',
      tags: ['uploads'],
      summary: 'How far the upload is',
      security: NEEDS_TOKEN,
      parameters: [ID, TUS],
      responses: { 200: { description: '`Upload-Offset`' }, default: PROBLEM },
    },
    delete: {
      operationId: 'endUpload',
      tags: ['uploads'],
      summary: 'Give the upload up',
      security: NEEDS_TOKEN,
      parameters: [ID, TUS],
      responses: { 204: { description: 'Gone' }, default: PROBLEM },
    },
  },
  '/challenges/{id}/video': wayTo('challengeVideo', 'The video: the way to its signed address'),
  '/challenges/{id}/poster': wayTo('challengePoster', 'The poster: the way to its signed address'),
  '/challenges/{id}/captions': {
    get: {
      operationId: 'challengeCaptions',
      tags: ['challenges'],
      summary: 'The three typed statements as WebVTT',
      security: TAKES_TOKEN,
      parameters: [ID],
      responses: { 200: { description: 'OK', content: { 'text/vtt': {} } }, default: PROBLEM },
    },
  },
  '/blobs/{hash}': {
    get: {
      operationId: 'blob',
      tags: ['challenges'],
      summary: 'A video or poster under its signed address (`video_url`, `poster_url`), whole or a byte range',
      security: [],
      parameters: [
        { name: 'hash', in: 'path', required: true, description: 'Hex SHA-256 of the bytes', schema: { type: 'string' } },
        ...['type', 'exp', 'kid', 'sig'].map((name) => ({ name, in: 'query', required: true, schema: { type: 'string' } })),
        { name: 'Range', in: 'header', description: 'One range of bytes (RFC 9110, 14.2)', schema: { type: 'string' } },
      ],
      responses: {
        200: { description: 'The whole', content: { 'video/mp4': {}, 'image/jpeg': {} } },
        206: { description: 'The range', content: { 'video/mp4': {}, 'image/jpeg': {} } },
        304: { description: '`If-None-Match` names it' },
        default: PROBLEM,
      },
    },
  },
  '/challenges/{id}/events': {
    get: {
      operationId: 'challengeEvents',
      tags: ['challenges'],
      summary: 'What happens to the challenge, as it happens (server-sent events)',
      security: NEEDS_TOKEN,
      parameters: [
        ID,
        { name: 'Last-Event-ID', in: 'header', description: 'Begin after this event', schema: { type: 'integer', minimum: 0 } },
        { name: 'last_event_id', in: 'query', description: 'The same, in the address', schema: { type: 'integer', minimum: 0 } },
      ],
      responses: {
        200: {
          description: '`data` of each event is a ChallengeEvent',
          content: { 'text/event-stream': { schema: { $ref: '#/components/schemas/ChallengeEvent' } } },
        },
        default: PROBLEM,
      },
    },
  },
};
