/** The whole HTTP edge on ports of a test, asked by `inject`. */
import { API_PREFIX, type Endpoint, endpoints } from '@2t1l/contract/endpoints';
import type { Tokens } from '@2t1l/contract/schemas';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Ports } from '../src/ports.ts';
import { buildApp } from '../src/routes/app.ts';
import type { App } from '../src/routes/route.ts';
import { buildPorts, type TestPorts } from './ports.ts';

/** `overrides` and `settings` as for `buildPorts`. */
export interface TestApp extends AsyncDisposable {
  app: App;
  ports: TestPorts;
  /** A request below nothing: `path` is the whole address. */
  call(method: InjectOptions['method'], path: string, options?: CallOptions): Promise<LightMyRequestResponse>;
  /** An account of its own, with tokens. */
  account(name?: string): Promise<Tokens & { email: string; password: string }>;
  guest(): Promise<Tokens>;
}

/** `body` is sent as JSON. */
export interface CallOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

const PASSWORD = 'correct horse battery';

export async function buildTestApp(overrides: Partial<Ports> = {}, settings: Record<string, string> = {}): Promise<TestApp> {
  const ports = await buildPorts(overrides, settings);
  const app = await buildApp(ports, ports.config);
  let accounts = 0;
  const call: TestApp['call'] = async (method, path, { token, body, headers = {} } = {}) => {
    const answer = await app.inject({
      ...(method === undefined ? {} : { method }),
      url: path,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    assertFits(answer, method, path);
    return answer;
  };
  return {
    app,
    ports,
    call,
    async account(name = `player${++accounts}`) {
      const email = `${name}@example.com`;
      const answer = await call('POST', '/api/v1/auth/register', { body: { email, username: name, password: PASSWORD } });
      if (answer.statusCode !== 201) {
        throw new Error(`register answered ${answer.statusCode}: ${answer.body}`);
      }
      return { ...answer.json<Tokens>(), email, password: PASSWORD };
    },
    async guest() {
      return (await call('POST', '/api/v1/auth/guest')).json<Tokens>();
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await ports[Symbol.asyncDispose]();
    },
  };
}

/** Throws where a good answer is not in every detail what the contract says; the server itself holds it to names and kinds. */
function assertFits(answer: LightMyRequestResponse, method: InjectOptions['method'], path: string): void {
  const [bare = ''] = path.split('?');
  const endpoint = Object.values<Endpoint>(endpoints).find(
    (each) => each.method === method && new RegExp(`^${API_PREFIX}${each.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(bare),
  );
  if (endpoint !== undefined && endpoint.status === answer.statusCode && endpoint.status !== 204) {
    endpoint.answer.parse(answer.json());
  }
}
