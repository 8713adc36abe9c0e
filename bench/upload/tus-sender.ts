/** tus 1.0.0 over node:http with one keep-alive connection, with as little of its own as can be. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { UPLOAD_CHUNK_BYTES } from '@2t1l/game/limits';

const TUS = { 'Tus-Resumable': '1.0.0' };

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

export class TusSender {
  readonly #origin: string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  static async asGuest(origin: string): Promise<TusSender> {
    const response = await fetch(`${origin}${API_PREFIX}/auth/guest`, { method: 'POST' });
    const { access_token } = (await response.json()) as { access_token: string };
    return new TusSender(origin, access_token);
  }

  /** Sends the bytes as the first clip of a new challenge, in chunks of the app's size. */
  async send(bytes: Buffer): Promise<void> {
    const challenge = await this.#call('POST', `${API_PREFIX}/challenges`, 201, { 'Content-Type': 'application/json' }, Buffer.from('{}'));
    const { id } = JSON.parse(challenge.text) as { id: string };
    const metadata = { challenge_id: id, segment_index: '0', filename: 'clip.mp4', filetype: 'video/mp4' };
    const { headers } = await this.#call('POST', `${API_PREFIX}/uploads`, 201, {
      ...TUS,
      'Upload-Length': String(bytes.length),
      'Upload-Metadata': Object.entries(metadata)
        .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
        .join(','),
    });
    const { pathname } = new URL(headers.location ?? '', this.#origin);
    for (let offset = 0; offset < bytes.length; offset += UPLOAD_CHUNK_BYTES) {
      const chunkHeaders = { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' };
      await this.#call('PATCH', pathname, 204, chunkHeaders, bytes.subarray(offset, offset + UPLOAD_CHUNK_BYTES));
    }
  }

  #call(method: string, path: string, expected: number, headers: Record<string, string>, body?: Buffer): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const options = {
      method,
      agent: this.#agent,
      headers: { ...headers, Authorization: `Bearer ${this.#token}`, 'Content-Length': String(body?.length ?? 0) },
    };
    const sent = request(new URL(path, this.#origin), options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() };
        if (answer.status === expected) {
          resolve(answer);
        } else {
          reject(new Error(`${method} ${path}: expected ${expected}, got ${answer.status}: ${answer.text}`));
        }
      });
    });
    sent.on('error', reject);
    sent.end(body);
    return promise;
  }
}
