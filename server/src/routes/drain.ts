/** What is left of a body after its request was refused. */
import type { FastifyRequest } from 'fastify';

const BYTES_MAX = 32 * 1024 * 1024;
const TIME_MAX_MS = 15_000;

/**
 * Reads the rest and drops it, so that a client in the middle of sending gets its answer instead of a reset connection. One that
 * goes on for too long is cut off.
 */
export function drain({ raw }: FastifyRequest): void {
  if (raw.readableEnded || raw.destroyed) {
    return;
  }
  let bytes = 0;
  const cut = () => raw.socket.destroy();
  const timer = setTimeout(cut, TIME_MAX_MS).unref();
  raw.once('close', () => clearTimeout(timer));
  raw.on('error', () => clearTimeout(timer));
  // Readers that were given up would stop the flow again when they are full.
  raw.unpipe();
  raw.removeAllListeners('data');
  raw.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BYTES_MAX) {
      cut();
    }
  });
  raw.resume();
}
