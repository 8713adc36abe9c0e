/** The page's own files: two small scripts under names that carry their hash, and the display face cut down to what a page needs. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { Problem } from '@2t1l/contract/problems';
import type { FastifyRequest } from 'fastify';
import { checkHost } from '../gate.ts';
import type { App } from '../route.ts';
import { trimFont } from './trim-font.ts';

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const SCRIPT_TYPE = 'text/javascript; charset=utf-8';
const { resolve } = createRequire(import.meta.url);

/** The whole font files, for pictures that are drawn here. */
export const FONT_PATHS = {
  display: resolve('@expo-google-fonts/unbounded/600SemiBold/Unbounded_600SemiBold.ttf'),
  heavy: resolve('@expo-google-fonts/unbounded/800ExtraBold/Unbounded_800ExtraBold.ttf'),
};
/** Basic Latin to Latin Extended-A, and the marks that our texts use. */
const CHARACTERS = [...range(0x20, 0x7e), ...range(0xa0, 0x17f), ...[...'–—‘’‚“”„…−€'].map((mark) => mark.codePointAt(0) ?? 0)];

const [boot, play] = [readScript('boot'), readScript('play')];

/** Where the page finds them. */
export const ASSETS = { boot: boot.path, play: play.path, display: '/link/display-1.ttf', heavy: '/link/heavy-1.ttf' };

interface Sent {
  type: string;
  plain: Buffer;
  gzip: Buffer;
  br: Buffer;
}

/** `/link/…`. Each file is made and compressed when it is first asked for. */
export function assetRoutes(app: App): void {
  const sources: Record<string, { type: string; bytes: () => Promise<Buffer> }> = {
    [boot.path]: { type: SCRIPT_TYPE, bytes: async () => boot.bytes },
    [play.path]: { type: SCRIPT_TYPE, bytes: async () => play.bytes },
    [ASSETS.display]: { type: 'font/ttf', bytes: async () => trimFont(await readFile(FONT_PATHS.display), CHARACTERS) },
    [ASSETS.heavy]: { type: 'font/ttf', bytes: async () => trimFont(await readFile(FONT_PATHS.heavy), CHARACTERS) },
  };
  const made = new Map<string, Promise<Sent>>();
  app.get('/link/:file', { onRequest: async (request: FastifyRequest) => checkHost(app.edge, request) }, async (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const source = sources[path];
    if (source === undefined) {
      throw new Problem('not_found');
    }
    const making = made.get(path) ?? make(source.type, source.bytes);
    made.set(path, making);
    const file = await making;
    const accepted = request.headers['accept-encoding'] ?? '';
    const coding = accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : 'plain';
    reply.headers({ 'cache-control': `public, max-age=${YEAR_SECONDS}, immutable`, vary: 'Accept-Encoding' }).type(file.type);
    return (coding === 'plain' ? reply : reply.header('content-encoding', coding)).send(file[coding]);
  });
}

async function make(type: string, read: () => Promise<Buffer>): Promise<Sent> {
  const plain = await read();
  return { type, plain, gzip: await promisify(gzip)(plain), br: await promisify(brotliCompress)(plain) };
}

function readScript(name: string): { path: string; bytes: Buffer } {
  const bytes = readFileSync(new URL(`./${name}.js`, import.meta.url));
  return { path: `/link/${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.js`, bytes };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
