/** Looks after a take while it is made: which one thing to tell the author now, calmly. */

/** What a recorder can tell about itself; null where the platform does not say. */
export interface Readings {
  /** Brightness of the picture, 0 to 1; on iOS what is left of the sensor's range, because there the picture cannot be read. */
  light: number | null;
  /** Loudness now, 0 to 1. */
  level: number | null;
  /** True when the sound reached its ceiling since the reading before. */
  is_clipping: boolean | null;
  free_bytes: number | null;
  /** What reached the recording of the pictures (or of the time, where nobody counts pictures) since the reading before, 0 to 1. */
  arrived: number | null;
}

/** The most urgent first. */
export const WARNINGS = ['no_space', 'no_sound', 'clipping', 'quiet', 'stutter', 'dark'] as const;
export type Warning = (typeof WARNINGS)[number];

/** A take of a minute at `VIDEO_BITS_PER_SECOND` takes 10 MB; three of them and what the system needs must find room. */
export const LEAST_FREE_BYTES_TO_START = 60_000_000;
/** Room for the end of the file, for moving it, and for the draft: with less, a recording ends while it still can. */
export const LEAST_FREE_BYTES = 20_000_000;

/** Levels (of the meter's 43 dB) that speech reaches; at 0 nothing at all comes from the microphone. */
const HEARD = 0.22;
/** Mean of the picture below which a face has no features left in a picture of 1.2 Mbit/s. */
const DARK = 0.16;
const FEW_ARRIVED = 0.8;

/** How long a thing lasts before it is said, in seconds; what is said stays for as long as it takes to read. */
const PATIENCE: Record<Warning, number> = { no_space: 0, no_sound: 4, clipping: 1, quiet: 3, stutter: 2, dark: 2 };
const READ_SECONDS = 4;

export interface Watch {
  /** For how long each has been so, in seconds. */
  lasted: Readonly<Record<Warning, number>>;
  shown: Warning | null;
  shown_seconds: number;
}

export const NOTHING_SEEN: Watch = {
  lasted: { no_space: 0, no_sound: 0, clipping: 0, quiet: 0, stutter: 0, dark: 0 },
  shown: null,
  shown_seconds: 0,
};

/** The watch `seconds` later. What is shown changes only when it was readable, or for something that ends the recording soon. */
export function watchTake(before: Watch, readings: Readings, seconds: number): Watch {
  const isSo = holds(readings);
  const lasted = { ...before.lasted };
  for (const warning of WARNINGS) {
    // One loud word is soon over but worth saying: its time is not counted back.
    lasted[warning] = isSo[warning]
      ? before.lasted[warning] + seconds
      : warning === 'clipping'
        ? Math.max(0, before.lasted.clipping - seconds / 4)
        : 0;
  }
  const due = WARNINGS.find((warning) => lasted[warning] > 0 && lasted[warning] >= PATIENCE[warning]) ?? null;
  const shown_seconds = before.shown_seconds + seconds;
  const isFree = before.shown === null || shown_seconds >= READ_SECONDS || due === 'no_space';
  return due === before.shown || !isFree ? { lasted, shown: before.shown, shown_seconds } : { lasted, shown: due, shown_seconds: 0 };
}

function holds({ light, level, is_clipping, free_bytes, arrived }: Readings): Record<Warning, boolean> {
  return {
    no_space: free_bytes !== null && free_bytes < LEAST_FREE_BYTES_TO_START,
    no_sound: level === 0,
    clipping: is_clipping === true,
    quiet: level !== null && level < HEARD,
    stutter: arrived !== null && arrived < FEW_ARRIVED,
    dark: light !== null && light < DARK,
  };
}

/** Mean of pixels of four bytes each, 0 to 1; `alphaAt` is the byte that is no colour. Close enough to how bright a picture looks. */
export function brightness(pixels: Uint8Array | Uint8ClampedArray, alphaAt: 0 | 3): number {
  let sum = 0;
  for (let index = 0; index < pixels.length; index += 1) {
    if (index % 4 !== alphaAt) {
      sum += pixels[index] ?? 0;
    }
  }
  return pixels.length < 4 ? 0 : sum / ((pixels.length / 4) * 3) / 255;
}
