import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUp } from '../test/set-up.ts';
import { makeOne, TEST_CLIPS } from '../test/test-clips.ts';
import { BoxError } from './boxes.ts';
import { canonicalise } from './canonicalise.ts';
import { checkClip } from './check.ts';
import { readMovie } from './movie.ts';

const { dir, tools } = await setUp('clips');
const ownConfigs = new Map<string, string>();

describe('the table of clips', () => {
  it.each(TEST_CLIPS)('$name', async ({ name, expected }) => {
    const path = await makeOne(name, dir, tools);
    const check = await checkClip(path, { tools });
    if (expected.outcome === 'refused') {
      expect(check).toEqual({ outcome: 'refused', reasons: [expected.reason] });
      return;
    }
    if (check.outcome === 'refused') {
      throw new Error(`refused: ${check.reasons.join()}`);
    }
    const { facts, notices } = check;
    expect(facts.canonical).toEqual({ action: expected.action, reasons: expected.reasons });
    expect(notices).toEqual(expected.notices ?? []);
    if (expected.seconds !== undefined) {
      expect(Math.abs(facts.duration_seconds - expected.seconds)).toBeLessThan(0.06);
    }
    if (expected.size !== undefined) {
      expect([facts.width, facts.height]).toEqual(expected.size);
    }
    if (expected.action !== 'keep' && !/^60/.test(name)) {
      await expectCanonical(path, facts);
    }
  });

  it.each(['no-sound.mp4', 'landscape.mp4'])(
    '%s: what comes out half a second off from what was checked is not handed on',
    async (name) => {
      const path = await makeOne(name, dir, tools);
      const check = await checkClip(path, { tools });
      if (check.outcome === 'refused') {
        throw new Error(`refused: ${check.reasons.join()}`);
      }
      const output = join(dir, 'not-handed-on.mp4');
      const facts = { ...check.facts, duration_seconds: check.facts.duration_seconds + 0.8 };
      await expect(canonicalise(path, output, { tools, facts })).rejects.toThrow(BoxError);
      expect((await readdir(dir)).filter((file) => file.startsWith('.') || file === 'not-handed-on.mp4')).toEqual([]);
    },
  );

  it('has given every encode of ours the same parameter sets', () => {
    expect(ownConfigs.size).toBeGreaterThan(5);
    expect(new Set(ownConfigs.values()).size).toBe(1);
  });
});

/** Makes the clip canonical and checks that the result is, has kept its length and left nothing else behind. */
async function expectCanonical(path: string, facts: Parameters<typeof canonicalise>[2]['facts']): Promise<void> {
  const output = `${path}.canonical.mp4`;
  const done = await canonicalise(path, output, { tools, facts, preset: 'ultrafast' });
  expect(done).toEqual({ done: facts.canonical.action, path: output });
  const again = await checkClip(output, { tools });
  if (again.outcome === 'refused') {
    throw new Error(`refused: ${again.reasons.join()}`);
  }
  expect(again.facts.canonical).toEqual({ action: 'keep', reasons: [] });
  expect([again.facts.width, again.facts.height]).toEqual([720, 1280]);
  expect(Math.abs(again.facts.duration_seconds - facts.duration_seconds)).toBeLessThan(0.06);
  expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([]);
  if (done.done === 'redo_all' || done.done === 'redo_picture') {
    const track = (await readMovie(output)).tracks.find((candidate) => candidate.kind === 'video');
    ownConfigs.set(path, track?.config?.toString('hex') ?? 'none');
  }
}
