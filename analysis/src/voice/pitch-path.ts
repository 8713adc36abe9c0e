import { CANDIDATES, type Frames, PITCH_CEILING } from './frames.ts';

/** The path's answer for each frame. */
export interface Pitch {
  /** Hz; 0 where the frame is unvoiced. */
  hz: Float64Array;
  /** Height of the autocorrelation at that pitch, 0 to 1; 0 where unvoiced. */
  strength: Float64Array;
}

// The costs of Boersma (1993), table 1, with its silence and voicing thresholds; one step is 10 ms.
const SILENCE = 0.03;
const VOICING = 0.45;
const OCTAVE_COST = 0.01;
const JUMP_COST = 0.35;
const VOICING_COST = 0.14;

/** Picks one candidate a frame, or none, so that strengths less the costs of jumps and of changes of voicing are largest over the whole clip (Viterbi). */
export function pitchPath(frames: Frames): Pitch {
  const { count } = frames;
  const width = CANDIDATES + 1;
  const loudest = loudestPeak(frames.peak);
  const from = new Uint8Array(count * width);
  let scores = new Float64Array(width);
  let next = new Float64Array(width);
  let octaves = new Float64Array(width);
  let nextOctaves = new Float64Array(width);
  let found = 0;
  for (let i = 0; i < count; i++) {
    const candidates = frames.found[i] ?? 0;
    for (let c = 0; c <= candidates; c++) {
      const place = i * CANDIDATES + c - 1;
      const octave = c === 0 ? 0 : Math.log2(PITCH_CEILING / (frames.frequency[place] ?? 1));
      nextOctaves[c] = octave;
      const own = c === 0 ? unvoicedStrength(frames.peak[i] ?? 0, loudest) : (frames.strength[place] ?? 0) - OCTAVE_COST * octave;
      let best = i === 0 ? 0 : -Infinity;
      for (let p = 0; i > 0 && p <= found; p++) {
        const score = (scores[p] ?? 0) - change(p === 0, c === 0, (octaves[p] ?? 0) - octave);
        if (score > best) {
          best = score;
          from[i * width + c] = p;
        }
      }
      next[c] = best + own;
    }
    [scores, next] = [next, scores];
    [octaves, nextOctaves] = [nextOctaves, octaves];
    found = candidates;
  }
  return walkBack(frames, from, scores, found);
}

function change(wasUnvoiced: boolean, isUnvoiced: boolean, octaves: number): number {
  if (wasUnvoiced || isUnvoiced) {
    return wasUnvoiced === isUnvoiced ? 0 : VOICING_COST;
  }
  return JUMP_COST * Math.abs(octaves);
}

function unvoicedStrength(peak: number, loudest: number): number {
  const level = loudest > 0 ? Math.min(1, peak / loudest) : 0;
  return VOICING + Math.max(0, 2 - (level * (1 + VOICING)) / SILENCE);
}

/** The largest peak, unless it is a lone click: never more than twice what one frame in fifty reaches. */
function loudestPeak(peaks: Float64Array): number {
  const sorted = Float64Array.from(peaks).sort();
  return Math.min(sorted.at(-1) ?? 0, 2 * (sorted[Math.floor(0.98 * (sorted.length - 1))] ?? 0));
}

function walkBack(frames: Frames, from: Uint8Array, scores: Float64Array, found: number): Pitch {
  const { count } = frames;
  const hz = new Float64Array(count);
  const strength = new Float64Array(count);
  let at = 0;
  for (let c = 1; c <= found; c++) {
    if ((scores[c] ?? 0) > (scores[at] ?? 0)) {
      at = c;
    }
  }
  for (let i = count - 1; i >= 0; i--) {
    if (at > 0) {
      hz[i] = frames.frequency[i * CANDIDATES + at - 1] ?? 0;
      strength[i] = frames.strength[i * CANDIDATES + at - 1] ?? 0;
    }
    at = from[i * (CANDIDATES + 1) + at] ?? 0;
  }
  return { hz, strength };
}
