/** One keep-alive HTTP/1.1 connection without pipelining, as cheap as Node can make it, so that the generator is not what is measured. */
import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
const READ_BYTES = 64 * 1024;

/** Opens a connection; `onAnswer` gets the status of each whole answer (0: it broke) and its head. */
export async function openConnection(port: number, onAnswer: (status: number, head: string) => void): Promise<Socket> {
  const answer = new AnswerReader(onAnswer);
  return new Promise((resolve, reject) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(READ_BYTES),
        callback: (bytes, buffer) => {
          answer.read(buffer, bytes);
          return true;
        },
      },
    });
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => {
      reject(error);
      onAnswer(0, error.message);
    });
    socket.once('end', () => onAnswer(0, 'the server closed the connection'));
  });
}

/** Finds the end of each answer by its `Content-Length`. */
class AnswerReader {
  readonly #onAnswer: (status: number, head: string) => void;
  #head = '';
  #status = 0;
  #bodyBytesLeft = 0;

  constructor(onAnswer: (status: number, head: string) => void) {
    this.#onAnswer = onAnswer;
  }

  read(buffer: Uint8Array, bytes: number): void {
    if (this.#status === 0) {
      this.#readHead(Buffer.from(buffer.buffer, buffer.byteOffset, bytes));
    } else {
      this.#bodyBytesLeft -= bytes;
    }
    if (this.#status !== 0 && this.#bodyBytesLeft <= 0) {
      const status = this.#bodyBytesLeft === 0 ? this.#status : 0;
      const head = this.#head;
      this.#status = 0;
      this.#head = '';
      this.#onAnswer(status, head);
    }
  }

  #readHead(part: Buffer): void {
    const before = this.#head.length;
    const text = this.#head + part.toString('latin1', 0, Math.min(part.length, 4096));
    const end = text.indexOf(HEAD_END);
    if (end === -1) {
      this.#head = text;
      return;
    }
    this.#head = text;
    this.#status = Number(text.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end));
    this.#bodyBytesLeft = Number(length?.[1] ?? 0) - (part.length - (end + HEAD_END.length - before));
  }
}
