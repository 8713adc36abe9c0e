/** The one place where an error becomes an answer: `application/problem+json`, and an unknown error says nothing of itself. */
import { Problem, type ProblemCode, problemBody } from '@2t1l/contract/problems';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../ports.ts';

/** Of every problem. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Fastify's own codes (fastify/docs/Reference/Errors.md) that have a word here; any other 4xx is `invalid_request`. */
const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_NOT_FOUND: 'not_found',
};
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const DEPTH_MAX = 5;

/** Answers every error that a hook or a handler throws. */
export function answerErrors(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.code !== 'busy') {
      log.error({ err: error, request_id: request.id, method: request.method, route: request.routeOptions.url }, 'a request failed');
    }
    sendProblem(reply, problem, request);
  };
}

/** Sends `problem`, with `Retry-After` where it names a time. */
export function sendProblem(reply: FastifyReply, problem: Problem, request: FastifyRequest): void {
  if (problem.retry_after_seconds !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil(problem.retry_after_seconds)));
  }
  if (problem.status === 401) {
    reply.header('www-authenticate', 'Bearer');
  }
  if (problem.code === 'body_too_large') {
    // Fastify asks to close here, which resets the connection before a client that still sends has read the answer.
    // Node reads a body that nobody wanted to its end and drops it.
    reply.removeHeader('connection');
  }
  reply.code(problem.status).header('cache-control', 'no-store').header('content-type', PROBLEM_TYPE).send(problemText(problem, request));
}

/** The body of the answer, as text. */
export function problemText(problem: Problem, request: Pick<FastifyRequest, 'id'>): string {
  return JSON.stringify(problemBody(problem, `urn:2t1l:request:${request.id}`));
}

/** What a caller is told of `error`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  const code = worldProblem(error);
  if (code !== null) {
    return new Problem(code, { cause: error, ...(code === 'busy' ? { retry_after_seconds: 1 } : {}) });
  }
  const { code: name, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const known = typeof name === 'string' ? FASTIFY_CODES[name] : undefined;
  if (known !== undefined) {
    return new Problem(known, { cause: error });
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new Problem('invalid_request', { cause: error });
  }
  return new Problem('internal', { cause: error });
}

/** A full disk or a locked file, however deep the adapter has wrapped it. */
function worldProblem(error: unknown): ProblemCode | null {
  let inner = error;
  for (let depth = 0; depth < DEPTH_MAX && inner instanceof Error; depth++) {
    const { code, errcode } = inner as { code?: unknown; errcode?: unknown };
    if (code === 'ENOSPC' || code === 'EDQUOT' || errcode === SQLITE_FULL) {
      return 'storage_full';
    }
    if (errcode === SQLITE_BUSY) {
      return 'busy';
    }
    inner = inner.cause;
  }
  return null;
}
