/** Server-sent events: one topic a challenge, so that an event is read and written into text once, however many listen. */
import type { ServerResponse } from 'node:http';
import { isSessionLive } from '../players/session-state.ts';
import type { Ports, StoredEvent } from '../ports.ts';
import type { Player } from './gate.ts';

const SECOND = 1000;
/** A stream gets a heartbeat every so many seconds; each second serves another part of the streams. */
const BEAT_SLOTS = 15;
const PAGE = 100;
/** A reader who has let so much pile up is closed; they come back with `Last-Event-ID`. */
const UNREAD_BYTES_MAX = 256 * 1024;

/** One open answer. */
export interface Listener {
  response: ServerResponse;
  player: Pick<Player, 'session_id' | 'expires_ms'>;
  isAuthor: boolean;
  /** True for the author too. */
  mayReveal: boolean;
  /** Id of the last event they have. */
  last_id: number;
  /** Id of the newest event when the challenge was found to be theirs to see: what lies before is told, but has no consequences. */
  seen_id: number;
}

export interface EventHub {
  /** Sends what came after `last_id`, then what comes, until either side closes. Nothing happens where the answer is closed already. */
  join(challengeId: string, listener: Listener): void;
  /** How many streams are open. */
  size(): number;
  close(): void;
}

type HubPorts = Pick<Ports, 'db' | 'cache' | 'events' | 'clock' | 'log'>;

/** `beatMs`: the time between two slots of heartbeats. */
export function eventHub(ports: HubPorts, beatMs: number = SECOND): EventHub {
  const topics = new Map<string, Topic>();
  const slots = Array.from({ length: BEAT_SLOTS }, () => new Set<Listener>());
  let ticks = 0;
  let joined = 0;
  const timer = setInterval(() => {
    const slot = slots[ticks++ % BEAT_SLOTS] ?? [];
    for (const listener of slot) {
      beat(listener, ports).catch((err: unknown) => ports.log.warn({ err }, 'a heartbeat failed'));
    }
  }, beatMs).unref();

  return {
    join(challengeId, listener) {
      if (listener.response.destroyed) {
        // Its `close` has been heard by nobody and will not come again.
        return;
      }
      let topic = topics.get(challengeId);
      if (topic === undefined) {
        topic = new Topic(challengeId, ports, () => topics.delete(challengeId));
        topics.set(challengeId, topic);
      }
      const slot = slots[joined++ % BEAT_SLOTS];
      slot?.add(listener);
      listener.response.on('error', () => listener.response.destroy());
      listener.response.on('close', () => slot?.delete(listener));
      topic.add(listener);
    },
    size: () => slots.reduce((sum, slot) => sum + slot.size, 0),
    close() {
      clearInterval(timer);
      for (const listener of slots.flatMap((slot) => [...slot])) {
        listener.response.end();
      }
    },
  };
}

class Topic {
  readonly #challengeId: string;
  readonly #ports: HubPorts;
  readonly #listeners = new Set<Listener>();
  readonly #unlisten: () => void;
  readonly #isEmpty: () => void;
  #isReading = false;
  #isStale = false;

  constructor(challengeId: string, ports: HubPorts, isEmpty: () => void) {
    this.#challengeId = challengeId;
    this.#ports = ports;
    this.#isEmpty = isEmpty;
    this.#unlisten = ports.events.listen(challengeId, () => this.#wake());
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    listener.response.on('close', () => this.#remove(listener));
    this.#wake();
  }

  #remove(listener: Listener): void {
    if (this.#listeners.delete(listener) && this.#listeners.size === 0) {
      this.#unlisten();
      this.#isEmpty();
    }
  }

  #wake(): void {
    this.#isStale = true;
    if (!this.#isReading) {
      this.#isReading = true;
      this.#read()
        .catch((err: unknown) => {
          this.#ports.log.error({ err }, 'events could not be read');
          // They come back with the id of what they have.
          for (const { response } of this.#listeners) {
            response.destroy();
          }
        })
        .finally(() => {
          this.#isReading = false;
          // News between the last look and here would wait for the next.
          if (this.#isStale && this.#listeners.size > 0) {
            this.#wake();
          }
        });
    }
  }

  async #read(): Promise<void> {
    while (this.#isStale && this.#listeners.size > 0) {
      this.#isStale = false;
      // Who joins during the reading may stand further back than this page begins: they have their turn in the next round.
      const present = [...this.#listeners];
      const from = present.reduce((least, { last_id }) => Math.min(least, last_id), Number.MAX_SAFE_INTEGER);
      const page = await this.#ports.events.read(this.#challengeId, from, PAGE);
      this.#isStale ||= page.length === PAGE;
      for (const event of page) {
        deliver(event, present);
      }
    }
  }
}

function deliver(stored: StoredEvent, listeners: readonly Listener[]): void {
  const { id, audience, event } = stored;
  const text = `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  const isLast = event.type === 'challenge.changed' && event.status === 'removed';
  const isHidden = event.type === 'challenge.changed' && event.status !== 'published';
  for (const listener of listeners) {
    if (listener.last_id >= id) {
      continue;
    }
    listener.last_id = id;
    if (audience === 'everyone' || (audience === 'guessed' ? listener.mayReveal : listener.isAuthor)) {
      write(listener.response, text);
    }
    // Others see a challenge only while it is published.
    if (id > listener.seen_id && (isLast || (isHidden && !listener.isAuthor))) {
      listener.response.end();
    }
  }
}

async function beat({ response, player }: Listener, ports: HubPorts): Promise<void> {
  if (ports.clock.now() >= player.expires_ms || !(await isSessionLive(player.session_id, ports))) {
    response.end();
    return;
  }
  write(response, ': \n\n');
}

function write(response: ServerResponse, text: string): void {
  if (response.writableEnded || response.destroyed) {
    return;
  }
  response.write(text);
  if (response.writableLength > UNREAD_BYTES_MAX) {
    response.destroy();
  }
}
