/** A closed loop: every connection sends its next request when the answer to the last one has come. */
import type { Socket } from 'node:net';
import { openConnection } from './connection.ts';
import { cpuSeconds } from './process-tree.ts';
import { percentile } from './statistics.ts';

export interface Load {
  port: number;
  /** Root of the server's process tree. */
  pid: number;
  connections: number;
  seconds: number;
  /** The next request as it goes over the wire. */
  next: () => string;
  /** The status that every answer must have. */
  status: number;
}

export interface Measured {
  rps: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
  /** Server CPU (user and system) of one request. */
  cpu_ms: number;
}

/** The loop runs at least this long before it is measured, and until every connection has had an answer, but no longer than the patience. */
const SETTLE_MS = 200;
const SETTLE_PATIENCE_MS = 10_000;

/** Runs the load and measures what is answered within its `seconds`. Throws where an answer has another status: such figures mean nothing. */
export async function measure(load: Load): Promise<Measured> {
  const loop = new ClosedLoop(load);
  await loop.open();
  try {
    loop.start();
    for (let waited = 0; waited < SETTLE_PATIENCE_MS && (waited === 0 || loop.latencies.length < load.connections); waited += SETTLE_MS) {
      await pause(SETTLE_MS);
    }
    const [cpuBefore, began] = [cpuSeconds(load.pid), performance.now()];
    loop.latencies = [];
    await pause(load.seconds * 1000);
    const latencies = loop.latencies;
    // What is still on its way belongs to no window.
    loop.latencies = [];
    const [cpu, seconds] = [cpuSeconds(load.pid) - cpuBefore, (performance.now() - began) / 1000];
    await loop.drain();
    return {
      rps: latencies.length / seconds,
      p50_ms: percentile(latencies, 0.5),
      p95_ms: percentile(latencies, 0.95),
      p99_ms: percentile(latencies, 0.99),
      cpu_ms: (cpu * 1000) / latencies.length,
    };
  } finally {
    loop.close();
  }
}

/** An HTTP/1.1 request as text. */
export function rawRequest(method: string, path: string, token: string | null, body?: object): string {
  const json = body === undefined ? null : JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'Accept: application/json',
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
    ...(json === null ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${json ?? ''}`;
}

class ClosedLoop {
  latencies: number[] = [];
  readonly #load: Load;
  #sockets: Socket[] = [];
  #isSending = true;
  #waiting = 0;
  #failure: Error | null = null;
  #drained: () => void = () => undefined;

  constructor(load: Load) {
    this.#load = load;
  }

  async open(): Promise<void> {
    this.#sockets = await Promise.all(Array.from({ length: this.#load.connections }, () => this.#openOne()));
  }

  start(): void {
    this.#waiting = this.#sockets.length;
    for (const socket of this.#sockets) {
      socket.emit('send');
    }
  }

  /** Sends nothing more and waits for the answers on their way. */
  async drain(): Promise<void> {
    this.#isSending = false;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      this.#settle();
    });
    if (this.#failure !== null) {
      throw this.#failure;
    }
  }

  close(): void {
    this.#isSending = false;
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  async #openOne(): Promise<Socket> {
    const { next, port, status: expected } = this.#load;
    let sentAt = 0;
    const socket = await openConnection(port, (status, head) => {
      if (sentAt === 0) {
        return;
      }
      this.latencies.push(performance.now() - sentAt);
      if (status !== expected) {
        this.#failure ??= new Error(`expected the status ${expected}, got: ${head}`);
        this.#isSending = false;
      }
      if (this.#isSending) {
        send();
      } else {
        sentAt = 0;
        this.#waiting -= 1;
        this.#settle();
      }
    });
    const send = () => {
      sentAt = performance.now();
      socket.write(next(), 'latin1');
    };
    socket.on('send', send);
    return socket;
  }

  #settle(): void {
    if (this.#waiting === 0) {
      this.#drained();
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
