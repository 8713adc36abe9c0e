/** HTTP/1.1 by hand: a body that is made while it is sent, so that one sees how much of it the server took before it answered. */
import { connect } from 'node:net';

export interface LazyRequest {
  method: 'POST' | 'PATCH';
  path: string;
  headers: Record<string, string>;
  /** What stands before the filling, such as the head of a multipart part. */
  opening?: string;
  /** How many bytes of filling there are, at most. */
  fillingBytes: number;
  /** True: `Transfer-Encoding: chunked`, so the server cannot know the size beforehand. */
  isChunked: boolean;
}

export interface RawAnswer {
  response: Response;
  /** Bytes of the body that had been handed to the socket when the first byte of the answer came. */
  sentBytes: number;
}

const PIECE = Buffer.alloc(64 * 1024, 0x20);
const GIVE_UP_MS = 30_000;

/** Sends until there is an answer or nothing is left, then reads the answer. */
export async function sendLazily(origin: string, request: LazyRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(origin);
  const opening = Buffer.from(request.opening ?? '');
  const framing: Record<string, string> = request.isChunked
    ? { 'transfer-encoding': 'chunked' }
    : { 'content-length': String(opening.length + request.fillingBytes) };
  const headers = Object.entries({ host, ...request.headers, ...framing });
  const socket = connect({ host: hostname, port: Number(port) });
  const { promise: answered, resolve, reject } = Promise.withResolvers<Buffer>();
  const received: Buffer[] = [];
  let sentBytes = 0;
  let sentAtAnswer: number | null = null;
  socket.setTimeout(GIVE_UP_MS, () => socket.destroy(new Error('no answer')));
  socket.on('data', (bytes: Buffer) => {
    sentAtAnswer ??= sentBytes;
    received.push(bytes);
    const answer = Buffer.concat(received);
    if (isWhole(answer)) {
      resolve(answer);
    }
  });
  // A server that has answered may close while we still send: what counts is what it said before.
  socket.on('error', (cause) => (received.length > 0 ? resolve(Buffer.concat(received)) : reject(cause)));
  socket.on('close', () => resolve(Buffer.concat(received)));

  socket.write(`${request.method} ${request.path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  const send = (piece: Buffer) => {
    sentBytes += piece.length;
    return socket.write(
      request.isChunked ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]) : piece,
    );
  };
  // A piece at a time, so that an answer is noticed as soon as it is there.
  const fill = () => {
    if (sentAtAnswer !== null || socket.destroyed || sentBytes >= opening.length + request.fillingBytes) {
      return;
    }
    if (send(PIECE)) {
      setImmediate(fill);
    }
  };
  if (opening.length > 0) {
    send(opening);
  }
  socket.on('drain', fill);
  fill();
  const bytes = await answered;
  socket.destroy();
  return { response: parse(bytes), sentBytes: sentAtAnswer ?? sentBytes };
}

function isWhole(answer: Buffer): boolean {
  const end = answer.indexOf('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(answer.toString('latin1', 0, Math.max(end, 0)))?.[1];
  return end >= 0 && (length === undefined ? answer.includes('\r\n0\r\n\r\n') : answer.length >= end + 4 + Number(length));
}

function parse(bytes: Buffer): Response {
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = bytes.subarray(end + 4);
  const text = headers.get('transfer-encoding') === 'chunked' ? unchunk(body) : body.toString();
  return new Response(text, { status: Number(first.split(' ')[1]), headers });
}

function unchunk(body: Buffer): string {
  let text = '';
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || !(size > 0)) {
      break;
    }
    text += body.toString('utf8', lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 4 + size;
  }
  return text;
}
