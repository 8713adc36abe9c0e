import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aacConfigBytes } from './codec-config.ts';
import { commonAvcConfig, type MergeClip, planMerge } from './plan-merge.ts';

/** `avcC` payloads as encoders wrote them: x264 High, x264 Baseline, both with id 0; ours with id 7. */
const HIGH = Buffer.from('0164001fffe1001a6764001facd940b40a1b011000000300100000030320f183196001000668ebe3cb22c0fdf8f800', 'hex');
const BASELINE = Buffer.from('0142c01fffe100176742c01fd900b40a1b0110000003001000000303c0f183248001000568cb83cb20', 'hex');
const OURS = Buffer.from('0164001fffe1001a6764001f10b2d01681436022000003000200000300781e306540010005681022e3cbfdf8f800', 'hex');
const UPRIGHT = [65536, 0, 0, 0, 65536, 0, 0, 0, 1073741824];
const TURNED = [0, 65536, 0, -65536, 0, 0, 47185920, 0, 1073741824];
const STEREO = aacConfigBytes({ rate: 48_000, channels: 2 });
const MONO = aacConfigBytes({ rate: 44_100, channels: 1 });

function buildClip(overrides: Partial<MergeClip> = {}): MergeClip {
  return { codec: 'avc1', width: 720, height: 1280, matrix: UPRIGHT, avcc: HIGH, asc: STEREO, duration_seconds: 10, ...overrides };
}

function pictures(clips: MergeClip[]): string {
  return planMerge(clips)
    .clips.map((clip) => clip.picture)
    .join(' ');
}

describe('planMerge', () => {
  it('copies three clips that match', () => {
    expect(planMerge([buildClip(), buildClip(), buildClip()])).toMatchObject({
      kind: 'copy',
      clips: [{ reasons: [] }, { reasons: [] }, { reasons: [] }],
    });
  });

  it('encodes the sound of the one that differs, to what most seconds have', () => {
    const plan = planMerge([buildClip(), buildClip({ asc: MONO }), buildClip()]);
    expect(plan).toMatchObject({ kind: 'copy_with_sound', sound: { rate: 48_000, channels: 2 } });
    expect(plan.clips[1]).toEqual({ picture: 'copy', sound: 'encode', reasons: ['sound_config'] });
  });

  it('takes two ways of writing the same AAC-LC for the same', () => {
    expect(planMerge([buildClip(), buildClip({ asc: Buffer.from('119056e500', 'hex') }), buildClip()]).kind).toBe('copy');
  });

  it('writes silence for a clip without sound', () => {
    expect(planMerge([buildClip({ asc: null }), buildClip(), buildClip()])).toMatchObject({
      kind: 'copy',
      clips: [{ sound: 'silence' }, {}, {}],
    });
  });

  it('encodes only the clip of another kind', () => {
    expect(pictures([buildClip(), buildClip({ avcc: BASELINE }), buildClip()])).toBe('copy encode copy');
    expect(planMerge([buildClip(), buildClip({ avcc: BASELINE }), buildClip()]).clips[1]?.reasons).toEqual(['parameter_sets']);
    expect(planMerge([buildClip(), buildClip({ codec: 'hvc1', avcc: null }), buildClip()]).clips[1]?.reasons).toEqual(['codec']);
    expect(planMerge([buildClip(), buildClip({ width: 640 }), buildClip()]).clips[1]?.reasons).toEqual(['size']);
  });

  it('lets ours stand beside theirs, whose ids differ', () => {
    expect(pictures([buildClip(), buildClip({ avcc: OURS }), buildClip()])).toBe('copy copy copy');
    expect(commonAvcConfig([buildClip(), buildClip({ avcc: OURS })])?.[5]).toBe(0xe2);
  });

  it('keeps three turned clips of one phone, but turns two upright when one differs', () => {
    const turned = buildClip({ width: 1280, height: 720, matrix: TURNED });
    expect(pictures([turned, turned, turned])).toBe('copy copy copy');
    expect(pictures([turned, buildClip(), turned])).toBe('encode copy encode');
  });

  const anyClip = fc.record({
    codec: fc.constantFrom('avc1', 'avc1', 'hvc1'),
    width: fc.constantFrom(720, 720, 1280),
    height: fc.constantFrom(1280, 1280, 720),
    matrix: fc.constantFrom(UPRIGHT, UPRIGHT, TURNED),
    avcc: fc.oneof(fc.constantFrom(HIGH, BASELINE, OURS, null), fc.uint8Array({ maxLength: 60 })),
    asc: fc.oneof(fc.constantFrom(STEREO, MONO, null), fc.uint8Array({ maxLength: 8 })),
    duration_seconds: fc.double({ min: 1, max: 60.5, noNaN: true }),
  });

  it('copies together only what fits into one sample entry, and says why it encodes the rest', () => {
    fc.assert(
      fc.property(fc.array(anyClip, { minLength: 3, maxLength: 3 }), (clips) => {
        const plan = planMerge(clips);
        const kept = clips.filter((_, index) => plan.clips[index]?.picture === 'copy');
        expect(kept.length === 0 || commonAvcConfig(kept) !== null).toBe(true);
        for (const clip of plan.clips) {
          expect(clip.picture === 'encode' || clip.sound === 'encode').toBe(clip.reasons.length > 0);
        }
        // what is encoded becomes ours: the second plan must then find nothing to do
        const redone = clips.map((clip, index): MergeClip => {
          const asc = clip.asc === null ? null : aacConfigBytes(plan.sound);
          return plan.clips[index]?.picture === 'encode'
            ? buildClip({ avcc: OURS, asc, duration_seconds: clip.duration_seconds })
            : { ...clip, asc };
        });
        expect(planMerge(redone).kind).toBe('copy');
      }),
      { numRuns: 2000 },
    );
  });
});
