/** The app for phones is bundled without an error: what only a native build would notice otherwise. */
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeScratch } from '../harness/scratch.ts';
import { ROOT } from '../harness/server.ts';

const BUNDLE_MS = 290_000;
const PLATFORMS = ['android', 'ios'];
const scratch = await makeScratch();
afterAll(() => scratch[Symbol.asyncDispose]());

test('expo export -p android -p ios', async () => {
  const platforms = PLATFORMS.flatMap((platform) => ['-p', platform]);
  const { status, printed } = await expo(['export', ...platforms, '--output-dir', scratch.path]);
  expect(status, printed.slice(-6000)).toBe(0);
  const files = await readdir(scratch.path, { recursive: true });
  for (const platform of PLATFORMS) {
    const [bundle, ...others] = files.filter((file) => file.includes(`/${platform}/`) && /\.(hbc|js)$/.test(file));
    expect(bundle, files.join(', ')).toBeDefined();
    expect(others).toEqual([]);
    expect((await stat(join(scratch.path, bundle ?? ''))).size).toBeGreaterThan(500_000);
  }
});

function expo(args: readonly string[]): Promise<{ status: number; printed: string }> {
  const env = { ...process.env, EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1', CI: '1', NODE_ENV: 'production', NODE_OPTIONS: '' };
  const { promise, resolve } = Promise.withResolvers<{ status: number; printed: string }>();
  execFile(
    process.execPath,
    [join(ROOT, 'node_modules/expo/bin/cli'), ...args],
    { cwd: join(ROOT, 'client'), env, timeout: BUNDLE_MS, maxBuffer: 64 * 1024 * 1024 },
    (error, stdout, stderr) => resolve({ status: error === null ? 0 : 1, printed: `${stdout}\n${stderr}` }),
  );
  return promise;
}
