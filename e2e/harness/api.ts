/** Every call of the contract, over real HTTP. What comes back is held against the contract, to the last field. */
import { type Answer, API_PREFIX, type Call, type Endpoint, type EndpointName, endpoints } from '@2t1l/contract/endpoints';
import { PROBLEMS, type ProblemCode, type ProblemJson } from '@2t1l/contract/problems';
import { expect } from 'vitest';

export interface Api {
  origin: string;
  token: string | null;
  /** The same server as somebody else. */
  as(token: string | null): Api;
  /** Makes the call; anything but the contract's status and shape fails the test. */
  call<N extends EndpointName>(name: N, input?: Call<N>, headers?: Record<string, string>): Promise<Answer<N>>;
  /** Makes the call, which must be refused, and gives the problem. */
  refused<N extends EndpointName>(name: N, input?: Call<N>, headers?: Record<string, string>): Promise<ProblemJson>;
  /** A request to any address of this server, with the token. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export function makeApi(origin: string, token: string | null = null): Api {
  const api: Api = {
    origin,
    token,
    as: (other) => makeApi(origin, other),
    async call(name, input, headers) {
      const { path, init } = requestOf(name, input, headers);
      const response = await api.fetch(path, init);
      const definition: Endpoint = endpoints[name];
      const text = await response.text();
      expect(`${definition.method} ${path} ${response.status}${response.ok ? '' : ` ${text}`}`).toBe(
        `${definition.method} ${path} ${definition.status}`,
      );
      const body: unknown = text === '' ? null : JSON.parse(text);
      const parsed = definition.answer.parse(body);
      expect(parsed, `${name} answers nothing but what the contract says`).toEqual(body);
      return parsed as Answer<typeof name>;
    },
    async refused(name, input, headers) {
      const { path, init } = requestOf(name, input, headers);
      return problemOf(await api.fetch(path, init));
    },
    fetch(path, init = {}) {
      const headers = new Headers(init.headers);
      if (token !== null && !headers.has('authorization')) {
        headers.set('authorization', `Bearer ${token}`);
      }
      return fetch(new URL(path, origin), { ...init, headers });
    },
  };
  return api;
}

/** The problem in a refusal: right media type, a code of the one table, and that code's status and title. */
export async function problemOf(response: Response): Promise<ProblemJson> {
  const text = await response.text();
  expect(response.headers.get('content-type'), text).toMatch(/^application\/problem\+json\b/);
  const problem = JSON.parse(text) as ProblemJson;
  expect(Object.keys(PROBLEMS)).toContain(problem.code);
  expect(problem).toMatchObject({ ...PROBLEMS[problem.code], status: response.status, type: `urn:2t1l:problem:${problem.code}` });
  return problem;
}

/** Holds that `response` refuses with `code`. */
export async function expectProblem(response: Response | Promise<Response>, code: ProblemCode): Promise<ProblemJson> {
  const problem = await problemOf(await response);
  expect(problem.code, JSON.stringify(problem)).toBe(code);
  return problem;
}

interface AnyCall {
  params?: unknown;
  query?: unknown;
  body?: unknown;
}

function requestOf(name: EndpointName, input: AnyCall = {}, headers: Record<string, string> = {}): { path: string; init: RequestInit } {
  const definition: Endpoint = endpoints[name];
  const params = textsOf(input.params);
  const path = definition.path.replace(/:(\w+)/g, (_all, key: string) => encodeURIComponent(params[key] ?? ''));
  const query = new URLSearchParams(textsOf(input.query));
  const init: RequestInit = { method: definition.method, headers };
  if (input.body !== undefined) {
    init.headers = { 'content-type': 'application/json', ...headers };
    init.body = JSON.stringify(input.body);
  }
  return { path: `${API_PREFIX}${path}${query.size > 0 ? `?${query}` : ''}`, init };
}

function textsOf(fields: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([key, value]) => [key, String(value)]));
}
