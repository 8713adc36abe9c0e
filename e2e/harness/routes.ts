/** Every route of the OpenAPI document that the server itself serves, so that a new one is in the hunt from its first day. */
import { expect } from 'vitest';
import type { Api } from './api.ts';

export interface Route {
  method: string;
  /** As the document has it, with `{id}`. */
  path: string;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export async function routesOf(api: Api): Promise<Route[]> {
  const response = await api.fetch('/openapi.json');
  expect(response.status).toBe(200);
  const { openapi, paths } = (await response.json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
  expect(openapi).toMatch(/^3\.1\./);
  return Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => method in methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

/** The route's address with every parameter filled in. */
export function addressOf({ path }: Route, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(values[name] ?? values.id ?? ''));
}

export interface Answered {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** Headers that differ from one request to the next, whatever is asked. */
const RESTLESS = new Set(['date', 'x-request-id', 'request-id', 'keep-alive', 'connection', 'server-timing', 'retry-after']);
const STREAM_MS = 1500;

/** The whole answer; a stream of events is listened to for a moment. */
export async function answerOf(api: Api, path: string, init: RequestInit = {}): Promise<Answered> {
  const response = await api.fetch(path, init);
  const headers = Object.fromEntries([...response.headers].filter(([name]) => !RESTLESS.has(name)));
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  return { status: response.status, headers, text: isStream ? await readFor(response, STREAM_MS) : await response.text() };
}

async function readFor(response: Response, ms: number): Promise<string> {
  const reader = response.body?.getReader();
  const timer = setTimeout(() => void reader?.cancel(), ms);
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const piece = await reader?.read();
    if (piece === undefined || piece.done) {
      clearTimeout(timer);
      return text;
    }
    text += decoder.decode(piece.value, { stream: true });
  }
}
