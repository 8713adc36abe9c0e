/** The app for phones is bundled without an error: what only a native build would notice otherwise. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expo } from '../harness/expo.ts';
import { makeScratch } from '../harness/scratch.ts';
import { ROOT } from '../harness/server.ts';

const PLATFORMS = ['android', 'ios'];
const scratch = await makeScratch();
afterAll(() => scratch[Symbol.asyncDispose]());

test('expo export -p android -p ios', async () => {
  const platforms = PLATFORMS.flatMap((platform) => ['-p', platform]);
  const { status, printed } = await expo(['export', ...platforms, '--output-dir', scratch.path], join(ROOT, 'client'));
  expect(status, printed.slice(-6000)).toBe(0);
  const files = await readdir(scratch.path, { recursive: true });
  for (const platform of PLATFORMS) {
    const [bundle, ...others] = files.filter((file) => file.includes(`/${platform}/`) && /\.(hbc|js)$/.test(file));
    expect(bundle, files.join(', ')).toBeDefined();
    expect(others).toEqual([]);
    expect((await stat(join(scratch.path, bundle ?? ''))).size).toBeGreaterThan(500_000);
  }
});
