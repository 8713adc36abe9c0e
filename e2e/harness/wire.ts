/** A network between browser and server that breaks at a byte: `setOffline` leaves open sockets open, and no wire does that. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Of uploads: after so many bytes the wire is cut, or falls silent and stays so. */
export interface Fault {
  how: 'cut' | 'silence';
  afterBytes: number;
}

export interface Wire extends AsyncDisposable {
  origin: string;
  /** Meets the next upload and every one after it, until it is taken away. */
  fault: Fault | null;
  /** What went up so far: uploads begun, and bytes of their bodies. */
  uploads: { begun: number; bytes: number };
  /** No connection any more, and none new; or all as before. */
  setDown(isDown: boolean): void;
}

const BEGIN = 'POST /api/v1/uploads HTTP';
const PATCH = 'PATCH /api/v1/uploads/';

/** Passes every connection on to the server at `target`. */
export async function startWire(target: string): Promise<Wire> {
  const { port } = new URL(target);
  const sockets = new Set<Socket>();
  let isDown = false;
  const server = createServer((client) => {
    if (isDown) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), 'localhost');
    let isUpload = false;
    let isSilent = false;
    let sent = 0;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on('error', () => other.destroy());
    }
    upstream.on('data', (chunk) => {
      if (!isSilent) {
        client.write(chunk);
      }
    });
    client.on('data', (chunk) => {
      const head = chunk.toString('latin1');
      wire.uploads.begun += head.startsWith(BEGIN) ? 1 : 0;
      if (/^[A-Z]+ \//.test(head)) {
        isUpload = head.startsWith(PATCH);
        sent = 0;
      }
      if (isSilent) {
        return;
      }
      if (!isUpload) {
        upstream.write(chunk);
        return;
      }
      const left = wire.fault === null ? chunk.length : Math.max(wire.fault.afterBytes - sent, 0);
      const passed = chunk.subarray(0, left);
      sent += passed.length;
      wire.uploads.bytes += passed.length;
      upstream.write(passed);
      if (passed.length < chunk.length) {
        isSilent = true;
        if (wire.fault?.how === 'cut') {
          // What was passed is let arrive first.
          setTimeout(() => client.destroy(), 200);
        }
      }
    });
  });
  server.listen(0);
  await once(server, 'listening');
  const address = server.address();
  const drop = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  const wire: Wire = {
    origin: `http://localhost:${typeof address === 'object' ? address?.port : ''}`,
    fault: null,
    uploads: { begun: 0, bytes: 0 },
    setDown(down) {
      isDown = down;
      if (down) {
        drop();
      }
    },
    async [Symbol.asyncDispose]() {
      server.close();
      drop();
      await once(server, 'close');
    },
  };
  return wire;
}
