import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AAC_FRAME, type ClipTracks, interleave, layOut, PICTURE_TIMESCALE } from './lay-out.ts';
import type { Sample } from './samples.ts';

const anyClip = fc
  .record({
    timescale: fc.constantFrom(600, 1000, 15_360, 30_000, 90_000),
    gaps: fc.array(fc.double({ min: 0.01, max: 0.2, noNaN: true }), { minLength: 5, maxLength: 60 }),
    reorder: fc.boolean(),
    shift: fc.double({ min: -0.1, max: 0.2, noNaN: true }),
    sound: fc.option(fc.record({ start: fc.double({ min: -0.1, max: 0.3, noNaN: true }), frames: fc.integer({ min: 1, max: 300 }) })),
  })
  .map(({ timescale, gaps, reorder, shift, sound }): ClipTracks => {
    let time = 0;
    const samples = gaps.map((gap, index): Sample => {
      const duration = Math.max(1, Math.round(gap * timescale));
      const sample = { offset: index, size: 10, dts: time, cts: time + (reorder ? duration : 0), duration, is_sync: index === 0 };
      time += duration;
      return sample;
    });
    const frames = Array.from({ length: sound?.frames ?? 0 }, (_, index) => soundFrame(index));
    return {
      picture: { samples, timescale, shift_seconds: shift },
      sound: sound === null ? null : { samples: frames, timescale: 48_000, shift_seconds: sound.start },
    };
  });

function soundFrame(index: number): Sample {
  const time = index * AAC_FRAME;
  return { offset: index, size: 20, dts: time, cts: time, duration: AAC_FRAME, is_sync: true };
}

describe('layOut', () => {
  it('keeps time rising, segments whole and sound within half a frame of its picture', () => {
    fc.assert(
      fc.property(fc.array(anyClip, { minLength: 3, maxLength: 3 }), (clips) => {
        const laid = layOut(clips, { rate: 48_000, channels: 2 });
        expectRising(laid.picture.map((sample) => sample.dts));
        expect(laid.picture.every((sample) => sample.cts >= sample.dts)).toBe(true);
        expect(laid.segments[0]?.start_seconds).toBe(0);
        expect(laid.segments.map((segment) => segment.end_seconds).slice(0, 2)).toEqual(
          laid.segments.map((segment) => segment.start_seconds).slice(1),
        );
        expect(laid.segments[2]?.end_seconds).toBe(laid.picture_duration / PICTURE_TIMESCALE);
        for (const [index, clip] of clips.entries()) {
          const start = laid.segments[index]?.start_seconds ?? 0;
          const zero = clip.picture.shift_seconds + Math.min(...clip.picture.samples.map((sample) => sample.cts)) / clip.picture.timescale;
          for (const sample of laid.sound.filter((placed) => placed.clip === index && placed.offset >= 0)) {
            const ideal = start + (sample.offset * AAC_FRAME) / 48_000 + (clip.sound?.shift_seconds ?? 0) - zero;
            expect(Math.abs(sample.dts / 48_000 - ideal)).toBeLessThanOrEqual(AAC_FRAME / 2 / 48_000 + 1e-6);
          }
        }
        const data = interleave(laid, 48_000);
        expect(data.order.length).toBe(laid.picture.length + laid.sound.length);
        expect(data.data_bytes).toBe(data.order.reduce((sum, sample) => sum + sample.size, 0));
      }),
      { numRuns: 300 },
    );
  });
});

function expectRising(times: number[]): void {
  expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
}
