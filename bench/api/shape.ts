/** Whether two servers have done equal work: the same fields, and lists of the same length, in their answers. */
import { connect } from 'node:net';

/** Sends one raw request and gives the JSON of its answer. Throws on another status. */
export async function answerOf(port: number, request: string, status: number): Promise<unknown> {
  const [head = '', body = ''] = (await exchange(port, request.replace('\r\n', '\r\nConnection: close\r\n'))).split(/\r\n\r\n(.*)/s);
  if (Number(head.slice(9, 12)) !== status) {
    throw new Error(`expected the status ${status}, got: ${head}\n${body}`);
  }
  return JSON.parse(body);
}

/** Throws where the fields of two answers differ. */
export function assertSameShape(name: string, ours: unknown, theirs: unknown): void {
  const [our, their] = [shapeOf(ours).join('\n'), shapeOf(theirs).join('\n')];
  if (our !== their) {
    throw new Error(`the answers to ${name} have different fields; ours:\n${our}\ntheirs:\n${their}`);
  }
}

/** Every path with the type found there: `items.0.author.id string`. */
function shapeOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) {
    return [`${path} ${value === null ? 'null' : typeof value}`];
  }
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, part]) => shapeOf(part, path === '' ? name : `${path}.${name}`));
}

function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    connect(port, '127.0.0.1')
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => resolve(Buffer.concat(chunks).toString()))
      .on('error', reject)
      .write(request);
  });
}
