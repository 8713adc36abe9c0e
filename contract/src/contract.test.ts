import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Endpoint, endpoints } from './endpoints.ts';
import { PROBLEMS, Problem, type ProblemCode, problemBody } from './problems.ts';
import { GuessBody, PublicChallenge, RegisterBody } from './schemas.ts';

const all = Object.entries(endpoints) as [string, Endpoint][];

describe('endpoints', () => {
  test('law: each method and path stands once', () => {
    const addresses = all.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test.each(all)('%s: a call that changes something needs the scope to write, one that only looks needs to read', (_name, definition) => {
    expect(definition.scope).toBe(definition.method === 'GET' ? 'read' : 'write');
  });

  test.each(all.filter(([, { body }]) => body !== undefined))('%s refuses unknown fields', (_name, { body }) => {
    const result = body?.safeParse({ surprise: 1 });
    expect(result?.error?.issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true);
  });

  test.each(all)('%s: every path parameter is declared', (_name, { path, params }) => {
    const named = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]);
    expect(params instanceof z.ZodObject ? Object.keys(params.shape) : []).toEqual(named);
  });
});

describe('what a player sees before their guess', () => {
  test('the schema has no field for the answer and drops one that slips in', () => {
    expect(Object.keys(PublicChallenge.shape).filter((key) => /lie|story|clips|nonce|crowd|shares/.test(key))).toEqual([]);
  });
});

describe('bodies', () => {
  test.each([
    [{ guess: 0 }, true],
    [{ guess: 2, confidence: 1 / 3 }, true],
    [{ guess: 2, confidence: 1 }, true],
    [{ guess: 3 }, false],
    [{ guess: '1' }, false],
    [{ guess: 1, confidence: 0.2 }, false],
    [{ guess: 1, confidence: 1.5 }, false],
    [{ guess: 1, score: 100 }, false],
    [{}, false],
  ])('guess %j', (body, expected) => {
    expect(GuessBody.safeParse(body).success).toBe(expected);
  });

  test.each([
    [{ email: 'test@example.com', username: 'test', password: 'testpassword' }, true],
    [{ email: 'test@example.com', username: 'Zoë.K', password: 'testpassword' }, true],
    [{ email: 'no address', username: 'test', password: 'testpassword' }, false],
    [{ email: `${'a'.repeat(250)}@b.example`, username: 'test', password: 'testpassword' }, false],
    [{ email: 'test@example.com', username: 'a b', password: 'testpassword' }, false],
    [{ email: 'test@example.com', username: 'x'.repeat(51), password: 'testpassword' }, false],
    [{ email: 'test@example.com', username: 'test', password: 'short' }, false],
  ])('register %j', (body, expected) => {
    expect(RegisterBody.safeParse(body).success).toBe(expected);
  });
});

describe('problems', () => {
  test.each(Object.keys(PROBLEMS) as ProblemCode[])('%s has a status of an error and a title', (code) => {
    const body = problemBody(new Problem(code, { detail: 'why' }), '/x');
    expect(body.status).toBeGreaterThanOrEqual(400);
    expect(body).toMatchObject({ code, detail: 'why', instance: '/x', title: PROBLEMS[code].title });
  });

  test('the cause stays inside', () => {
    const problem = new Problem('internal', { cause: new Error('secret') });
    expect(JSON.stringify(problemBody(problem))).not.toContain('secret');
  });
});
