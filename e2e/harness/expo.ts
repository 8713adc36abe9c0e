import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './server.ts';

const PATIENCE_MS = 290_000;

/** Runs Expo's program offline in a project's folder; `printed` is all it said. */
export function expo(
  args: readonly string[],
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ status: number; printed: string }> {
  const quiet = { EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1', CI: '1', NODE_ENV: 'production', NODE_OPTIONS: '' };
  const { promise, resolve } = Promise.withResolvers<{ status: number; printed: string }>();
  execFile(
    process.execPath,
    [join(ROOT, 'node_modules/expo/bin/cli'), ...args],
    { cwd: folder, env: { ...process.env, ...quiet, ...settings }, timeout: PATIENCE_MS, maxBuffer: 64 * 1024 * 1024 },
    (error, stdout, stderr) => resolve({ status: error === null ? 0 : 1, printed: `${stdout}\n${stderr}` }),
  );
  return promise;
}
