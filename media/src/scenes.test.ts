import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeClip } from '../test/make-clip.ts';
import { setUp } from '../test/set-up.ts';
import { canonicalise } from './canonicalise.ts';
import { checkClip } from './check.ts';
import { mergeClips } from './merge.ts';
import { drawScene, VOICES } from './scenes.ts';

const { dir, tools } = await setUp('scenes');

it('draws scenes that are canonical and merge by copy', async () => {
  const paths = VOICES.slice(0, 3).map((voice) => join(dir, `${voice}.mp4`));
  for (const [scene, path] of paths.entries()) {
    const drawn = await drawScene(path, { tools, lines: ["It's 100%: a \\ 'quoted' [thing]; yes."], voice: VOICES[scene] ?? 'slt', scene });
    const check = await checkClip(path, { tools });
    expect(check).toMatchObject({ outcome: 'accepted', notices: [], facts: { canonical: { action: 'keep' }, width: 720, height: 1280 } });
    expect(check.outcome === 'accepted' && Math.abs(check.facts.duration_seconds - drawn.duration_seconds)).toBeLessThan(0.05);
    expect(drawn.duration_seconds).toBeGreaterThanOrEqual(3);
  }
  await makeClip(join(dir, 'small.mp4'), tools, { size: '64x64' });
  const small = await checkClip(join(dir, 'small.mp4'), { tools });
  if (small.outcome === 'accepted') {
    await canonicalise(join(dir, 'small.mp4'), join(dir, 'ours.mp4'), { tools, facts: small.facts });
  }
  const mixed = await mergeClips([paths[0] ?? '', join(dir, 'ours.mp4')], join(dir, 'mixed.mp4'), { tools, workDir: join(dir, 'work') });
  expect(mixed.plan.kind).toBe('copy');
  const merged = await mergeClips(paths, join(dir, 'merged.mp4'), { tools, workDir: join(dir, 'work') });
  expect(merged.plan.kind).toBe('copy');
  expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('writes nothing where no caption is wanted', async () => {
  const drawn = await drawScene(join(dir, 'plain.mp4'), { tools, lines: ['Yes.'], voice: 'slt', scene: 0, caption: false });
  expect(drawn.has_caption).toBe(false);
});
