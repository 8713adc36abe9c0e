import { CLIENT_VERSION_HEADER } from '@2t1l/contract/client-version';
import type { EndpointName } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import { asksForNewToken, codeOf, NetworkError, problemFrom, UnknownProblem } from './problem.ts';
import { API_PREFIX, ROUTES } from './routes.ts';
import type { Session } from './session.ts';
import type { Api, CallOptions } from './types.ts';

const TIMEOUT_MS = 30_000;

export interface ApiPorts {
  /** Origin of the server without a slash at its end; empty on the web: the page's own. */
  baseUrl: () => string;
  fetch: typeof fetch;
  session: Session;
  /** Of this app, for the server to compare. */
  version: string;
  /** Told of every call whether the server was heard at all. */
  onNews?: (news: ServerNews) => void;
}

/** What a call tells of the server: it answered, it did not, it takes no app as old as this one. */
export type ServerNews = 'heard' | 'silent' | 'update_required';

interface AnyInput {
  params?: unknown;
  query?: unknown;
  body?: unknown;
}

/** Makes the client: one function for each endpoint of the contract. Throws `Problem` or `NetworkError`. */
export function createApi(ports: ApiPorts): Api {
  const names = Object.keys(ROUTES) as EndpointName[];
  const calls = names.map((name) => [name, (input?: AnyInput, options?: CallOptions) => call(ports, name, input ?? {}, options ?? {})]);
  return Object.fromEntries(calls) as Api;
}

async function call(ports: ApiPorts, name: EndpointName, input: AnyInput, options: CallOptions): Promise<unknown> {
  const { auth, method, path } = ROUTES[name];
  const url = `${ports.baseUrl()}${API_PREFIX}${pathOf(path, input.params)}${queryOf(input.query)}`;
  const token = auth === 'none' ? null : await ports.session.accessToken();
  try {
    return await send(ports, { url, method, body: input.body, token }, options);
  } catch (error) {
    if (!token || !asksForNewToken(error)) {
      throw error;
    }
    const fresh = await ports.session.refresh(token);
    return send(ports, { url, method, body: input.body, token: fresh }, options);
  }
}

interface Request {
  url: string;
  method: string;
  body: unknown;
  token: string | null;
}

async function send(ports: ApiPorts, request: Request, options: CallOptions): Promise<unknown> {
  const headers: Record<string, string> = { Accept: 'application/json', [CLIENT_VERSION_HEADER]: ports.version };
  if (request.body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (request.token) {
    headers.Authorization = `Bearer ${request.token}`;
  }
  if (options.idempotencyKey) {
    headers['Idempotency-Key'] = options.idempotencyKey;
  }
  const limit = deadline(options);
  try {
    const response = await ports.fetch(request.url, {
      method: request.method,
      headers,
      signal: limit.signal,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    if (!response.ok) {
      throw await problemFrom(response);
    }
    const answer: unknown = response.status === 204 ? null : await response.json();
    ports.onNews?.('heard');
    return answer;
  } catch (error) {
    const translation = translated(error, limit.isLate(), options.signal);
    if (!options.signal?.aborted) {
      ports.onNews?.(newsOf(translation));
    }
    throw translation;
  } finally {
    limit.clear();
  }
}

/** A caller's own abort stays an abort; anything else that fetch throws means that the server was not reached. */
function translated(error: unknown, isLate: boolean, signal: AbortSignal | undefined): unknown {
  if (error instanceof Problem || error instanceof UnknownProblem || signal?.aborted) {
    return error;
  }
  return new NetworkError(isLate ? 'timeout' : 'offline', error);
}

function newsOf(error: unknown): ServerNews {
  if (error instanceof NetworkError) {
    return 'silent';
  }
  return codeOf(error) === 'update_required' ? 'update_required' : 'heard';
}

/** React Native has no `AbortSignal.any`, so the two ends are tied by hand. */
function deadline({ signal, timeoutMs = TIMEOUT_MS }: CallOptions) {
  const controller = new AbortController();
  let late = false;
  const stop = () => controller.abort();
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, timeoutMs);
  if (signal?.aborted) {
    stop();
  }
  signal?.addEventListener('abort', stop);
  return {
    signal: controller.signal,
    isLate: () => late,
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    },
  };
}

function pathOf(path: string, params: unknown): string {
  const values = (params ?? {}) as Record<string, string>;
  return path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(values[name] ?? ''));
}

function queryOf(query: unknown): string {
  const entries = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries.map(([key, value]) => [key, String(value)]))}`;
}
