/** Server-sent events of one challenge, read from the stream of a fetch as the app does. */
import { ChallengeEvent } from '@2t1l/contract/events';
import { expect } from 'vitest';
import type { Api } from './api.ts';

export interface SeenEvent {
  id: string;
  type: string;
  event: ChallengeEvent;
}

export interface EventStream extends AsyncDisposable {
  seen: SeenEvent[];
  /** The stream has ended, by whichever side. */
  ended: Promise<void>;
}

/** Listens from after `lastEventId` (from now without one) until it is disposed or the server goes away. */
export async function listen(api: Api, challengeId: string, lastEventId?: string): Promise<EventStream> {
  const stop = new AbortController();
  const response = await api.fetch(`/api/v1/challenges/${challengeId}/events`, {
    headers: { accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
    signal: stop.signal,
  });
  expect(response.status, response.ok ? '' : await response.text()).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream\b/);
  const seen: SeenEvent[] = [];
  const ended = collect(response, seen).catch(() => undefined);
  return {
    seen,
    ended,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
    },
  };
}

async function collect(response: Response, seen: SeenEvent[]): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body ?? []) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    seen.push(...blocks.flatMap(eventOf));
  }
}

/** One block of lines; comments and `retry` alone are no event. */
function eventOf(block: string): SeenEvent[] {
  const fields = new Map(
    block.split(/\r?\n/).flatMap((line) => {
      const found = /^(\w+): ?(.*)$/.exec(line);
      return found === null ? [] : [[found[1] ?? '', found[2] ?? ''] as const];
    }),
  );
  const data = fields.get('data');
  if (data === undefined) {
    return [];
  }
  return [{ id: fields.get('id') ?? '', type: fields.get('event') ?? '', event: ChallengeEvent.parse(JSON.parse(data)) }];
}
