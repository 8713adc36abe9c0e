/**
 * The slim rendition of hand-held, noisy videos at 8 Mbit/s: MB a minute, SSIM against the copy, CPU.
 * Each clip stands alone, so that an easy one lends its bits to none; the figures at the top are those of the worst. `fits` is 1 where the goal
 * (5 MB, 0.95) is reached, `kept` where nothing smaller looked like the copy. Once each: an encode gives the same bytes every time.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VIDEO_MINUTE_BYTES } from '@2t1l/game/limits';
import { findTools, type Tools } from '@2t1l/media/ffmpeg';
import { mergeClips } from '@2t1l/media/merge';
import { makeSlim, SLIM_SSIM_MIN, type Slimmed } from '@2t1l/media/slim';
import { MOVING_CLIPS, makeMoving } from '../media/test/moving-clips.ts';
import { watchTree } from './lib/process-tree.ts';
import { isQuick, report, tell } from './lib/report.ts';
import { round } from './lib/statistics.ts';

/** Decimal, the stricter reading of 5 MB. */
const MB = 1e6;
const SECONDS = isQuick ? 2 : 20;
const NAMES = isQuick ? (['hand_held', 'dark'] as const) : (Object.keys(MOVING_CLIPS) as (keyof typeof MOVING_CLIPS)[]);

const tools = await findTools();
if (tools === null) {
  throw new Error('ffmpeg is needed');
}
const dir = await mkdtemp(join(tmpdir(), 'bench-slim-'));
try {
  const clips: Record<string, Awaited<ReturnType<typeof measure>>> = {};
  for (const name of NAMES) {
    tell(`${name}: ${SECONDS} s`);
    clips[name] = await measure(name, tools);
  }
  const all = Object.values(clips);
  const minutes = (all.length * SECONDS) / 60;
  report({
    mb_per_60s: Math.max(...all.map((clip) => clip.mb_per_60s)),
    ssim: Math.min(...all.map((clip) => clip.ssim)),
    cpu_s: round(all.reduce((sum, clip) => sum + clip.cpu_s, 0) / minutes),
    fits: Math.min(...all.map((clip) => clip.fits)),
    clips,
  });
} finally {
  await rm(dir, { recursive: true, force: true });
}

/** `cpu_s` of the clip as it is; at the top it is that of 60 s. */
async function measure(name: keyof typeof MOVING_CLIPS, using: Tools) {
  const [clip, copy, slim] = ['clip', 'copy', 'slim'].map((kind) => join(dir, `${name}-${kind}.mp4`)) as [string, string, string];
  await makeMoving(clip, using, MOVING_CLIPS[name], SECONDS);
  const { segments } = await mergeClips([clip], copy, { tools: using, workDir: dir });
  const own = process.cpuUsage();
  let slimmed: Slimmed | undefined;
  const seen = await watchTree(process.pid, async () => {
    slimmed = await makeSlim(copy, slim, { tools: using, segments, workDir: dir, is_background: false });
  });
  assert(slimmed !== undefined);
  const { outcome, size_bytes, ssim } = slimmed;
  const isKept = outcome === 'kept';
  const perMinute = (bytes: number) => round((bytes * 60) / SECONDS / MB);
  return {
    mb_per_60s: perMinute(size_bytes),
    ssim: Math.round((ssim ?? 1) * 1e4) / 1e4,
    cpu_s: round(seen.cpu_s - (own.user + own.system) / 1e6),
    copy_mb_per_60s: perMinute((await stat(copy)).size),
    kept: Number(isKept),
    fits: Number(!isKept && (size_bytes * 60) / SECONDS <= VIDEO_MINUTE_BYTES && (ssim ?? 0) >= SLIM_SSIM_MIN),
  };
}
