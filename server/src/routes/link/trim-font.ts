/**
 * A TrueType font (ISO/IEC 14496-22) cut down to the characters that a page needs: a display face of 400 kB, most of it kerning and
 * other scripts, becomes one of some 20 kB. Glyphs keep their numbers, so nothing but `cmap`, `glyf` and `loca` is written anew.
 */

/** What is left besides the three; kerning, substitutions and names of glyphs go. */
const KEPT = ['head', 'hhea', 'hmtx', 'maxp', 'name', 'OS/2', 'prep', 'gasp'];
const GLYPH_NAMES_NONE = 0x00030000;
const LONG_OFFSETS_AT = 50;
const CHECKSUM_AT = 8;
const CHECKSUM_MAGIC = 0xb1b0afba;
/** Flags of a composite glyph's part (`glyf`, "Composite glyph description"). */
const PART = { words: 0x1, scale: 0x8, more: 0x20, twoScales: 0x40, matrix: 0x80 };

type Tables = Map<string, Buffer>;

/** The font with the characters of `codepoints` alone. Throws a RangeError on a font without a format 4 `cmap`. */
export function trimFont(font: Buffer, codepoints: Iterable<number>): Buffer {
  const tables = readTables(font);
  const glyphs = glyphsOf(tables, codepoints);
  const post = Buffer.alloc(32);
  table(tables, 'post').copy(post, 0, 0, 32);
  post.writeUInt32BE(GLYPH_NAMES_NONE, 0);
  const head = Buffer.from(table(tables, 'head'));
  head.writeInt16BE(1, LONG_OFFSETS_AT);
  head.writeUInt32BE(0, CHECKSUM_AT);
  const kept = KEPT.flatMap((name): [string, Buffer][] => (tables.has(name) ? [[name, table(tables, name)]] : []));
  return writeTables(
    new Map<string, Buffer>([
      ...kept,
      ['head', head],
      ['post', post],
      ['cmap', cmapOf(glyphs)],
      ...outlinesOf(tables, new Set(glyphs.values())),
    ]),
  );
}

function readTables(font: Buffer): Tables {
  const tables: Tables = new Map();
  for (let index = 0; index < font.readUInt16BE(4); index++) {
    const at = 12 + 16 * index;
    const start = font.readUInt32BE(at + 8);
    tables.set(font.toString('latin1', at, at + 4), font.subarray(start, start + font.readUInt32BE(at + 12)));
  }
  return tables;
}

function table(tables: Tables, name: string): Buffer {
  const found = tables.get(name);
  if (found === undefined) {
    throw new RangeError(`the font has no table ${name}`);
  }
  return found;
}

/** Glyph by character, of those that the font has; 0 is always there. */
function glyphsOf(tables: Tables, codepoints: Iterable<number>): Map<number, number> {
  const cmap = table(tables, 'cmap');
  const starts = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => cmap.readUInt32BE(8 + 8 * index));
  const start = starts.find((at) => cmap.readUInt16BE(at) === 4);
  if (start === undefined) {
    throw new RangeError('the font has no format 4 cmap');
  }
  const segments = cmap.readUInt16BE(start + 6) / 2;
  const [ends, begins] = [start + 14, start + 16 + 2 * segments];
  const glyphs = new Map<number, number>();
  for (const codepoint of [...codepoints].sort((a, b) => a - b)) {
    for (let index = 0; index < segments; index++) {
      if (cmap.readUInt16BE(ends + 2 * index) < codepoint) {
        continue;
      }
      const first = cmap.readUInt16BE(begins + 2 * index);
      const glyph = first > codepoint ? 0 : glyphIn(cmap, { at: begins + 2 * index, segments, first, codepoint });
      if (glyph !== 0) {
        glyphs.set(codepoint, glyph);
      }
      break;
    }
  }
  return glyphs;
}

function glyphIn(
  cmap: Buffer,
  { at, segments, first, codepoint }: { at: number; segments: number; first: number; codepoint: number },
): number {
  const delta = cmap.readUInt16BE(at + 2 * segments);
  const offsetAt = at + 4 * segments;
  const offset = cmap.readUInt16BE(offsetAt);
  const glyph = offset === 0 ? codepoint : cmap.readUInt16BE(offsetAt + offset + 2 * (codepoint - first));
  return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
}

/** `glyf` and `loca` with the outlines of `wanted`, of what they are composed of, and of the missing glyph; the others are empty. */
function outlinesOf(tables: Tables, wanted: ReadonlySet<number>): [string, Buffer][] {
  const [glyf, loca] = [table(tables, 'glyf'), table(tables, 'loca')];
  const isLong = table(tables, 'head').readInt16BE(LONG_OFFSETS_AT) === 1;
  const offset = (glyph: number) => (isLong ? loca.readUInt32BE(4 * glyph) : 2 * loca.readUInt16BE(2 * glyph));
  const outline = (glyph: number) => glyf.subarray(offset(glyph), offset(glyph + 1));
  const kept = new Set([0]);
  const queue = [...wanted];
  for (let glyph = queue.pop(); glyph !== undefined; glyph = queue.pop()) {
    if (!kept.has(glyph)) {
      kept.add(glyph);
      queue.push(...partsOf(outline(glyph)));
    }
  }
  const count = table(tables, 'maxp').readUInt16BE(4);
  const offsets = Buffer.alloc(4 * (count + 1));
  const outlines: Buffer[] = [];
  let end = 0;
  for (let glyph = 0; glyph < count; glyph++) {
    offsets.writeUInt32BE(end, 4 * glyph);
    if (kept.has(glyph)) {
      outlines.push(padded(outline(glyph)));
      end += outlines.at(-1)?.length ?? 0;
    }
  }
  offsets.writeUInt32BE(end, 4 * count);
  return [
    ['glyf', Buffer.concat(outlines)],
    ['loca', offsets],
  ];
}

/** The glyphs that a composite outline is made of. */
function partsOf(outline: Buffer): number[] {
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) {
    return [];
  }
  const parts: number[] = [];
  for (let [at, flags] = [10, PART.more]; (flags & PART.more) !== 0; ) {
    flags = outline.readUInt16BE(at);
    parts.push(outline.readUInt16BE(at + 2));
    at += 4 + ((flags & PART.words) !== 0 ? 4 : 2);
    at += (flags & PART.scale) !== 0 ? 2 : (flags & PART.twoScales) !== 0 ? 4 : (flags & PART.matrix) !== 0 ? 8 : 0;
  }
  return parts;
}

/** A format 4 `cmap` for Windows' Unicode, a segment a character. */
function cmapOf(glyphs: ReadonlyMap<number, number>): Buffer {
  const segments = [...glyphs].map(([codepoint, glyph]) => ({ codepoint, delta: (glyph - codepoint) & 0xffff }));
  segments.push({ codepoint: 0xffff, delta: 1 });
  const count = segments.length;
  const power = Math.floor(Math.log2(count));
  const words = [4, 16 + 8 * count, 0, 2 * count, 2 ** (power + 1), power, 2 * count - 2 ** (power + 1)];
  const codepoints = segments.map(({ codepoint }) => codepoint);
  words.push(...codepoints, 0, ...codepoints, ...segments.map(({ delta }) => delta), ...codepoints.map(() => 0));
  const cmap = Buffer.alloc(12 + 2 * words.length);
  for (const [index, word] of [0, 1, 3, 1, 0, 12, ...words].entries()) {
    cmap.writeUInt16BE(word, 2 * index);
  }
  return cmap;
}

function writeTables(tables: Tables): Buffer {
  const names = [...tables.keys()].sort();
  const power = Math.floor(Math.log2(names.length));
  const directory = Buffer.alloc(12 + 16 * names.length);
  directory.writeUInt32BE(0x00010000, 0);
  for (const [index, word] of [names.length, 2 ** (power + 4), power, 16 * names.length - 2 ** (power + 4)].entries()) {
    directory.writeUInt16BE(word, 4 + 2 * index);
  }
  let at = directory.length;
  const bodies = names.map((name, index) => {
    const body = table(tables, name);
    directory.write(name, 12 + 16 * index, 'latin1');
    directory.writeUInt32BE(checksum(body), 16 + 16 * index);
    directory.writeUInt32BE(at, 20 + 16 * index);
    directory.writeUInt32BE(body.length, 24 + 16 * index);
    at += padded(body).length;
    return padded(body);
  });
  const font = Buffer.concat([directory, ...bodies]);
  const head = font.readUInt32BE(20 + 16 * names.indexOf('head'));
  font.writeUInt32BE((CHECKSUM_MAGIC - checksum(font)) >>> 0, head + CHECKSUM_AT);
  return font;
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}

function checksum(bytes: Buffer): number {
  const even = padded(bytes);
  let sum = 0;
  for (let at = 0; at < even.length; at += 4) {
    sum = (sum + even.readUInt32BE(at)) >>> 0;
  }
  return sum;
}
