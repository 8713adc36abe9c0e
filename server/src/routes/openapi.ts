/** OpenAPI 3.1, made from the contract's table of endpoints: nothing of it is written twice. */
import { API_PREFIX, type Endpoint } from '@2t1l/contract/endpoints';
import { ChallengeEvent } from '@2t1l/contract/events';
import { PROBLEMS, type ProblemCode } from '@2t1l/contract/problems';
import { z } from 'zod';
import { STREAM_PATHS } from './openapi-streams.ts';

type Json = { [key: string]: unknown };
/** How each endpoint stands below `paths`: address, method, operation. */
export type Operations = Record<string, Record<string, Json>>;

const SCHEMAS = '#/components/schemas/';

/** The whole document. `serverUrl`: where the API is, `/` for where the document came from. */
export function openApiDocument(endpoints: Readonly<Record<string, Endpoint>>, serverUrl: string): Json {
  const schemas: Record<string, unknown> = { Problem: problemSchema() };
  const paths: Operations = {};
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const path = API_PREFIX + endpoint.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(name, endpoint, schemas) };
  }
  for (const [path, operations] of Object.entries(STREAM_PATHS)) {
    paths[API_PREFIX + path] = { ...paths[API_PREFIX + path], ...operations };
  }
  schemaOf(ChallengeEvent, 'output', schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: '2Truths-1Lie',
      version: '0.1.0',
      description:
        'Three short videos, two true and one a lie. `/auth/*` and `/challenges*` answer without the prefix too. Errors are `application/problem+json`; switch on `code`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: serverUrl }],
    tags: ['auth', 'me', 'challenges', 'uploads', 'play', 'players'].map((name) => ({ name })),
    paths,
    components: { schemas, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  };
}

function operation(name: string, endpoint: Endpoint, schemas: Record<string, unknown>): Json {
  return {
    operationId: name,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...security(endpoint),
    parameters: [
      ...parameters(endpoint.params, 'path', schemas),
      ...parameters(endpoint.query, 'query', schemas),
      ...(endpoint.idempotent === true ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(endpoint.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(endpoint.body, 'input', schemas) } } } }),
    responses: {
      [endpoint.status]:
        endpoint.status === 204
          ? { description: 'Done' }
          : { description: 'OK', content: { 'application/json': { schema: schemaOf(endpoint.answer, 'output', schemas) } } },
      ...problemResponses([...endpoint.problems, ...impliedProblems(endpoint)]),
    },
  };
}

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'A repetition with the same key gets the same answer for 24 h',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function security({ auth }: Endpoint): Json {
  return { security: auth === 'player' ? [{ bearer: [] }] : auth === 'optional' ? [{}, { bearer: [] }] : [] };
}

function impliedProblems(endpoint: Endpoint): ProblemCode[] {
  const codes: ProblemCode[] = ['too_many_requests', 'host_not_allowed', 'update_required', 'internal'];
  if (endpoint.params !== undefined || endpoint.query !== undefined || endpoint.body !== undefined || endpoint.idempotent) {
    codes.push('invalid_request');
  }
  if (endpoint.body !== undefined) {
    codes.push('malformed_json', 'body_too_large', 'media_type_unsupported');
  }
  if (endpoint.auth !== 'none') {
    codes.push('token_invalid', 'token_expired', 'session_ended', 'scope_missing');
  }
  if (endpoint.auth === 'player') {
    codes.push('unauthenticated');
  }
  if (endpoint.idempotent === true) {
    codes.push('idempotency_conflict');
  }
  return codes;
}

/** One response a status, its description naming the codes. */
export function problemResponses(codes: readonly ProblemCode[]): Json {
  const byStatus = Object.groupBy([...new Set(codes)], (code) => String(PROBLEMS[code].status));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group = []]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
        content: {
          'application/problem+json': {
            schema: { allOf: [{ $ref: `${SCHEMAS}Problem` }, { properties: { code: { enum: group } } }] },
          },
        },
      },
    ]),
  );
}

function problemSchema(): Json {
  return {
    type: 'object',
    description: 'RFC 9457',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { type: 'string', examples: ['urn:2t1l:problem:not_found'] },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', enum: Object.keys(PROBLEMS) },
      detail: { type: 'string' },
      instance: { type: 'string' },
      errors: {
        type: 'array',
        items: { type: 'object', required: ['pointer', 'detail'], properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
      },
    },
  };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: Record<string, unknown>): Json[] {
  if (schema === undefined) {
    return [];
  }
  const object = schemaOf(schema, 'input', schemas) as { properties?: Json; required?: string[] };
  return Object.entries(object.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (object.required ?? []).includes(name),
    schema: property,
  }));
}

/** The JSON schema of `schema`; what has an id in it goes into `schemas` and is referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, unknown>): Json {
  const whole = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
  const text = JSON.stringify(whole).replaceAll('"#/$defs/', `"${SCHEMAS}`);
  const {
    $schema: _dialect,
    $defs = {},
    id,
    ...rest
  } = JSON.parse(text) as { $schema?: string; $defs?: Record<string, Json>; id?: string };
  for (const [name, definition] of Object.entries($defs)) {
    const { id: _id, ...body } = definition;
    schemas[name] ??= body;
  }
  if (id === undefined) {
    return rest;
  }
  schemas[id] ??= rest;
  return { $ref: SCHEMAS + id };
}
