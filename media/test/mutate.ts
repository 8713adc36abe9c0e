/** Seeded damage to MP4 and Matroska files: the same seed gives the same bytes. */

/** A number in [0, 1) from a seed, again and again (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Damaged bytes and the names of what was done to them. */
export interface Mutant {
  bytes: Buffer;
  done: string[];
}

type Chance = () => number;
type Change = (bytes: Buffer, random: Chance, others: readonly Buffer[]) => Buffer;

const CONTAINERS = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'mvex', 'moof', 'traf', 'dinf', 'udta'];
const TABLES = ['stts', 'ctts', 'stsc', 'stsz', 'stco', 'co64', 'stss', 'elst', 'trun', 'stsd', 'dref'];
const TYPES = [...CONTAINERS, ...TABLES, 'mvhd', 'tkhd', 'mdhd', 'hdlr', 'avcC', 'esds', 'tfhd', 'tfdt', 'trex', 'mdat', 'free', 'ftyp'];
const NUMBERS = [0, 1, 2, 7, 8, 16, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
/** Matroska: Segment, Info, Tracks, TrackEntry, Video, Audio, Cluster, BlockGroup. */
const MASTERS = [0x18538067, 0x1549a966, 0x1654ae6b, 0xae, 0xe0, 0xe1, 0x1f43b675, 0xa0];

/** One to four changes to one of the files; the others lend parts. */
export function mutate(files: readonly Buffer[], seed: number): Mutant {
  const random = randomFrom(seed);
  const original = pick(files, random);
  const changes = Object.entries(original.readUInt32BE(0) === 0x1a45dfa3 ? EBML_CHANGES : BOX_CHANGES);
  const mutant: Mutant = { bytes: Buffer.from(original), done: [] };
  for (let left = 1 + Math.floor(random() * 4); left > 0 && mutant.bytes.length > 16; left -= 1) {
    const [name, change] = pick(changes, random);
    mutant.bytes = change(mutant.bytes, random, files);
    mutant.done.push(name);
  }
  return mutant;
}

const flipBytes: Change = (bytes, random) => {
  const first = bytes.indexOf('moov') > 0 && random() < 0.7 ? bytes.indexOf('moov') - 4 : 0;
  for (let left = 1 + Math.floor(random() * 12); left > 0; left -= 1) {
    bytes[first + Math.floor(random() * (bytes.length - first))] = Math.floor(random() * 256);
  }
  return bytes;
};

const truncate: Change = (bytes, random) => bytes.subarray(0, Math.floor(bytes.length * random()));

const splice: Change = (bytes, random, others) => {
  const other = pick(others, random);
  return Buffer.concat([bytes.subarray(0, Math.floor(bytes.length * random())), other.subarray(Math.floor(other.length * random()))]);
};

const overwrite: Change = (bytes, random) => {
  const start = Math.floor(bytes.length * random());
  const end = Math.min(bytes.length, start + Math.floor(random() * 20_000));
  const isZero = random() < 0.5;
  for (let at = start; at < end; at += 1) {
    bytes[at] = isZero ? 0 : Math.floor(random() * 256);
  }
  return bytes;
};

/** Cuts a piece out, or puts it in twice, so that all places behind it are wrong. */
const shift: Change = (bytes, random) => {
  const start = Math.floor(bytes.length * random());
  const end = Math.min(bytes.length, start + 1 + Math.floor(random() * 5000));
  return Buffer.concat([bytes.subarray(0, random() < 0.5 ? start : end), bytes.subarray(random() < 0.5 ? start : end)]);
};

const BOX_CHANGES: Record<string, Change> = {
  flipBytes,
  truncate,
  splice,
  overwrite,
  shift,
  lieAboutSize(bytes, random) {
    const box = pick(allBoxes(bytes), random);
    const size = bytes.readUInt32BE(box.at);
    const lies = [0, 1, 7, 8, size - 1, size + 1, size + 8, size * 2, 0x7fffffff, 0xffffffff];
    bytes.writeUInt32BE(pick(lies, random) >>> 0, box.at);
    if (random() < 0.3 && box.at + 16 <= bytes.length) {
      bytes.writeUInt32BE(1, box.at);
      bytes.writeBigUInt64BE(pick([0n, 1n, 16n, BigInt(size), 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n], random), box.at + 8);
    }
    return bytes;
  },
  lieAboutCount(bytes, random) {
    const tables = allBoxes(bytes).filter((box) => TABLES.includes(box.type));
    return tables.length === 0 ? bytes : poke(bytes, pick(tables, random), 4 + 4 * Math.floor(random() * 3), random);
  },
  changeField(bytes, random) {
    const box = pick(allBoxes(bytes), random);
    return poke(bytes, box, 4 * Math.floor((random() * Math.min(120, box.end - box.at)) / 4), random);
  },
  rename(bytes, random) {
    bytes.write(pick(TYPES, random), pick(allBoxes(bytes), random).at + 4, 'latin1');
    return bytes;
  },
  remove: (bytes, random) => rebuilt(bytes, (siblings, at) => siblings.splice(at, 1), random),
  duplicate: (bytes, random) => rebuilt(bytes, (siblings, at, node) => siblings.splice(at, 0, node), random),
  multiply: (bytes, random) =>
    rebuilt(bytes, (siblings, at, node) => siblings.splice(at, 0, ...Array.from({ length: 300 }, () => node)), random),
  move(bytes, random) {
    const moved = pick(flat(parse(bytes)), random);
    return rebuilt(bytes, (siblings, at) => siblings.splice(at, 0, moved), random);
  },
  nest: (bytes, random) =>
    rebuilt(
      bytes,
      (siblings, at, node) => siblings.splice(at, 1, { type: pick(CONTAINERS, random), payload: null, children: [node] }),
      random,
    ),
};

const EBML_CHANGES: Record<string, Change> = {
  flipBytes,
  truncate,
  splice,
  overwrite,
  shift,
  flipHeader(bytes, random) {
    for (let left = 1 + Math.floor(random() * 4); left > 0; left -= 1) {
      bytes[Math.floor(random() * Math.min(600, bytes.length))] = Math.floor(random() * 256);
    }
    return bytes;
  },
  lieAboutSize(bytes, random) {
    const { sizeAt, sizeLength } = pick(allElements(bytes), random);
    const isUnknown = random() < 0.4;
    bytes[sizeAt] = isUnknown
      ? (0x100 >> sizeLength) | (0xff >> sizeLength)
      : (0x100 >> (1 + Math.floor(random() * 8))) | (bytes[sizeAt] ?? 0);
    bytes.fill(isUnknown ? 0xff : Math.floor(random() * 256), sizeAt + 1, sizeAt + sizeLength);
    return bytes;
  },
  remove(bytes, random) {
    const { at, end } = pick(allElements(bytes), random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
  },
  duplicate(bytes, random) {
    const { at, end } = pick(allElements(bytes), random);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
  },
  move(bytes, random) {
    const [{ at, end }, target] = [pick(allElements(bytes), random), pick(allElements(bytes), random)];
    return Buffer.concat([bytes.subarray(0, target.at), bytes.subarray(at, end), bytes.subarray(target.at)]);
  },
};

function pick<T>(list: readonly T[], random: Chance): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) {
    throw new RangeError('nothing to pick from');
  }
  return found;
}

interface Node {
  type: string;
  payload: Buffer | null;
  children: Node[];
}

/** A tolerant reading: what does not fit is payload. */
function parse(bytes: Buffer): Node[] {
  return boxesOf(bytes, 0, bytes.length).map(({ type, at, end }) => {
    const isContainer = CONTAINERS.includes(type);
    return {
      type,
      payload: isContainer ? null : bytes.subarray(at + 8, end),
      children: isContainer ? parse(bytes.subarray(at + 8, end)) : [],
    };
  });
}

function serialise(nodes: readonly Node[]): Buffer {
  const parts = nodes.map(({ type, payload, children }) => {
    const body = payload ?? serialise(children);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length + 8);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
  });
  return Buffer.concat(parts);
}

function flat(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...flat(node.children)]);
}

/** Changes the list that a box chosen by chance stands in; all sizes are right again afterwards. */
function rebuilt(bytes: Buffer, change: (siblings: Node[], at: number, node: Node) => void, random: Chance): Buffer {
  const root: Node = { type: '', payload: null, children: parse(bytes) };
  const lists = [root, ...flat(root.children)].map((node) => node.children).filter((list) => list.length > 0);
  if (lists.length > 0) {
    const siblings = pick(lists, random);
    const at = Math.floor(random() * siblings.length);
    change(siblings, at, pick(siblings.slice(at, at + 1), random));
  }
  return serialise(root.children);
}

interface Place {
  type: string;
  at: number;
  end: number;
}

function boxesOf(bytes: Buffer, start: number, end: number): Place[] {
  const places: Place[] = [];
  for (let at = start; end - at >= 8; ) {
    const size = bytes.readUInt32BE(at);
    const fits = size >= 8 && size <= end - at;
    places.push({ type: bytes.toString('latin1', at + 4, at + 8), at, end: fits ? at + size : end });
    at = fits ? at + size : end;
  }
  return places;
}

function allBoxes(bytes: Buffer, start = 0, end = bytes.length): Place[] {
  return boxesOf(bytes, start, end).flatMap((box) => [box, ...(CONTAINERS.includes(box.type) ? allBoxes(bytes, box.at + 8, box.end) : [])]);
}

function poke(bytes: Buffer, box: Place, offset: number, random: Chance): Buffer {
  const at = box.at + 8 + offset;
  if (at + 4 <= bytes.length) {
    bytes.writeUInt32BE(pick(NUMBERS, random), at);
  }
  return bytes;
}

interface Element {
  at: number;
  sizeAt: number;
  sizeLength: number;
  end: number;
}

function allElements(bytes: Buffer, start = 0, end = bytes.length): Element[] {
  const elements: Element[] = [];
  for (let at = start; at < end; ) {
    const idLength = lengthOf(bytes[at]);
    const sizeAt = at + idLength;
    const sizeLength = lengthOf(bytes[sizeAt]);
    if (idLength > 4 || sizeLength > 8 || sizeAt + sizeLength > end) {
      break;
    }
    const id = bytes.readUIntBE(at, idLength);
    const first = (bytes[sizeAt] ?? 0) & (0xff >> sizeLength);
    const size = bytes.subarray(sizeAt + 1, sizeAt + sizeLength).reduce((sum, byte) => sum * 256 + byte, first);
    const dataAt = sizeAt + sizeLength;
    const element = { at, sizeAt, sizeLength, end: Math.min(end, dataAt + size) };
    elements.push(element, ...(MASTERS.includes(id) ? allElements(bytes, dataAt, element.end) : []));
    at = element.end;
  }
  return elements.length > 0 ? elements : [{ at: start, sizeAt: start, sizeLength: 1, end: Math.min(end, start + 1) }];
}

function lengthOf(byte: number | undefined): number {
  return Math.clz32(byte ?? 0) - 23;
}
