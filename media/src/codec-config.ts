/** What the two decoders are told before the first sample: `avcC` (ISO/IEC 14496-15, 5.3.3.1) and AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). */

/** H.264 parameter sets as an `avcC` payload holds them. */
export interface AvcConfig {
  profile: number;
  compatibility: number;
  level: number;
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  length_size: number;
  sps: readonly Buffer[];
  pps: readonly Buffer[];
}

/** AAC-LC with frames of 1024 samples; nothing else is ever copied. */
export interface AacConfig {
  rate: number;
  channels: number;
}

const RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
const AAC_LC = 2;

/** Reads an `avcC` payload; null where it is not one. */
export function readAvcConfig(payload: Uint8Array): AvcConfig | null {
  const bytes = Buffer.from(payload);
  if (bytes.length < 7 || bytes[0] !== 1) {
    return null;
  }
  let at = 5;
  const sets = (mask: number): Buffer[] | null => {
    const count = (bytes[at] ?? 0) & mask;
    at += 1;
    const found: Buffer[] = [];
    for (let index = 0; index < count; index += 1) {
      if (at + 2 > bytes.length) {
        return null;
      }
      const length = bytes.readUInt16BE(at);
      if (length < 2 || at + 2 + length > bytes.length) {
        return null;
      }
      found.push(bytes.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
    return found;
  };
  const sps = sets(0x1f);
  const pps = sps === null ? null : sets(0xff);
  if (sps === null || pps === null || sps.length === 0 || pps.length === 0) {
    return null;
  }
  return {
    profile: bytes.readUInt8(1),
    compatibility: bytes.readUInt8(2),
    level: bytes.readUInt8(3),
    length_size: (bytes.readUInt8(4) & 3) + 1,
    sps,
    pps,
  };
}

/**
 * One config that serves every clip: all parameter sets side by side, told apart by their ids. Null where two clips use one id
 * for different sets, or write lengths differently. Identical configs give that config back, byte for byte.
 */
export function joinAvcConfigs(payloads: readonly Uint8Array[]): Buffer | null {
  const [first, ...others] = payloads;
  if (first === undefined) {
    return null;
  }
  if (others.every((other) => Buffer.compare(first, other) === 0)) {
    return Buffer.from(first);
  }
  const configs = payloads.map(readAvcConfig).filter((config) => config !== null);
  const sps = joinSets(
    configs.map((config) => config.sps),
    spsId,
  );
  const pps = joinSets(
    configs.map((config) => config.pps),
    ppsId,
  );
  const lengthSize = configs[0]?.length_size ?? 4;
  if (configs.length !== payloads.length || sps === null || pps === null || configs.some((config) => config.length_size !== lengthSize)) {
    return null;
  }
  const top = configs.reduce((best, config) => (config.profile > best.profile ? config : best));
  const level = Math.max(...configs.map((config) => config.level));
  const head = Buffer.from([
    1,
    top.profile,
    configs.reduce((flags, config) => flags & config.compatibility, 0xff),
    level,
    0xfc | (lengthSize - 1),
  ]);
  // High profile says chroma format and bit depths once more; only 8-bit 4:2:0 gets here
  const tail = top.profile === 100 ? Buffer.from([0xfd, 0xf8, 0xf8, 0]) : Buffer.alloc(0);
  return Buffer.concat([
    head,
    Buffer.from([0xe0 | sps.length]),
    ...sps.map(prefixed),
    Buffer.from([pps.length]),
    ...pps.map(prefixed),
    tail,
  ]);
}

/** The ids of all parameter sets of a config, sequence sets first. */
export function parameterSetIds(config: AvcConfig): number[] {
  return [...config.sps.map(spsId), ...config.pps.map(ppsId)];
}

/** The AAC-LC rate and channels of an AudioSpecificConfig; null for anything that cannot be copied (HE-AAC, 960-sample frames, surround). */
export function readAacConfig(payload: Uint8Array): AacConfig | null {
  const bits = new Bits(payload);
  const objectType = bits.read(5);
  const index = bits.read(4);
  const channels = bits.read(4);
  const shortFrames = bits.read(1);
  const dependsOnCore = bits.read(1);
  const extension = bits.read(1);
  const rate = RATES[index];
  if (objectType !== AAC_LC || rate === undefined || channels < 1 || channels > 2 || shortFrames + dependsOnCore + extension > 0) {
    return null;
  }
  // 1.6.5: a trailing sync extension 0x2b7 with type 5 says in its next bit whether spectral band replication follows
  const isHighEfficiency = bits.read(11) === 0x2b7 && bits.read(5) === 5 && bits.read(1) === 1;
  return isHighEfficiency ? null : { rate, channels };
}

/** The two bytes that say AAC-LC at this rate with these channels (1 or 2). Throws a RangeError on a rate AAC has no index for. */
export function aacConfigBytes(config: AacConfig): Buffer {
  const index = RATES.indexOf(config.rate);
  if (index < 0) {
    throw new RangeError(`AAC has no rate ${config.rate}`);
  }
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE((AAC_LC << 11) | (index << 7) | (config.channels << 3));
  return bytes;
}

/** One AAC-LC frame of digital silence, the same at every rate: a raw data block whose spectrum is empty (ISO/IEC 14496-3, 4.4.2). */
export function silentAacFrame(channels: number): Buffer {
  return Buffer.from(channels === 1 ? '00c800802380' : '210049900219002380', 'hex');
}

function joinSets(lists: readonly (readonly Buffer[])[], idOf: (set: Buffer) => number): Buffer[] | null {
  const byId = new Map<number, Buffer>();
  for (const set of lists.flat()) {
    const known = byId.get(idOf(set));
    if (known !== undefined && Buffer.compare(known, set) !== 0) {
      return null;
    }
    byId.set(idOf(set), set);
  }
  return byId.size > 31 ? null : [...byId.values()];
}

/** seq_parameter_set_id: after the NAL header and profile, flags and level (ITU-T H.264, 7.3.2.1.1). */
function spsId(set: Buffer): number {
  return new Bits(set.subarray(4)).exponentialGolomb();
}

/** pic_parameter_set_id: the first field after the NAL header (ITU-T H.264, 7.3.2.2). */
function ppsId(set: Buffer): number {
  return new Bits(set.subarray(1)).exponentialGolomb();
}

function prefixed(set: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(set.length);
  return Buffer.concat([length, set]);
}

/** Bits from the most significant on; past the end they read as 0. */
class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) {
      const byte = this.#bytes[this.#at >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  exponentialGolomb(): number {
    let zeros = 0;
    while (zeros < 16 && this.read(1) === 0) {
      zeros += 1;
    }
    return 2 ** zeros - 1 + this.read(zeros);
  }
}
