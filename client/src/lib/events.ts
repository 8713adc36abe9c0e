import type { ChallengeEvent } from '@2t1l/contract/events';
import { fetch as streamingFetch } from 'expo/fetch';
import { API_PREFIX } from './api/routes.ts';
import { session } from './api.ts';
import { baseUrl } from './base-url.ts';
import { createSseParser } from './sse-parser.ts';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export interface ListenOptions {
  onEvent: (event: ChallengeEvent) => void;
  /** Whether the stream is open; while it is not, poll. */
  onOpen?: (isOpen: boolean) => void;
}

/**
 * Listens to the events of one challenge until stopped; comes back by itself after a break and asks for what it missed.
 * EventSource cannot send the Authorization header, so the stream is read by fetch.
 */
export function listenToChallenge(id: string, options: ListenOptions): () => void {
  const controller = new AbortController();
  void listen(id, options, controller.signal);
  return () => controller.abort();
}

async function listen(id: string, options: ListenOptions, signal: AbortSignal): Promise<void> {
  let lastId: string | null = null;
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      const stream = await open(id, lastId, signal);
      options.onOpen?.(true);
      wait = FIRST_WAIT_MS;
      await readAll(stream, (message) => {
        lastId = message.id ?? lastId;
        const event = eventOf(message.data);
        // An event that this version does not know is passed over.
        if (event !== null) {
          options.onEvent(event);
        }
      });
    } catch {
      // A break of any kind is answered by the next attempt.
    }
    if (signal.aborted) {
      return;
    }
    options.onOpen?.(false);
    await pause(wait * (0.75 + Math.random() / 2), signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

async function open(id: string, lastId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const token = await session.accessToken();
  const response = await streamingFetch(`${baseUrl()}${API_PREFIX}/challenges/${encodeURIComponent(id)}/events`, {
    headers: {
      Accept: 'text/event-stream',
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(lastId ? { 'Last-Event-ID': lastId } : {}),
    },
    signal,
  });
  if (response.status === 401 && token) {
    await session.refresh(token);
  }
  if (!response.ok || !response.body) {
    throw new Error(`the event stream answered ${response.status}`);
  }
  return response.body as ReadableStream<Uint8Array>;
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  onMessage: (message: { id: string | null; data: string }) => void,
): Promise<void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const parse = createSseParser(onMessage);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    parse(decoder.decode(value, { stream: true }));
  }
}

const TYPES: readonly ChallengeEvent['type'][] = ['challenge.changed', 'clip.changed', 'step.progress', 'analysis.changed'];

/** The server's word is taken for what stands in it, as in every other answer; null for what this version does not know. */
function eventOf(text: string): ChallengeEvent | null {
  try {
    const event = JSON.parse(text) as ChallengeEvent | null;
    return event !== null && TYPES.includes(event.type) ? event : null;
  } catch {
    return null;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
