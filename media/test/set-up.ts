/** What every test that runs ffmpeg begins with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import { findTools, type Tools } from '../src/ffmpeg.ts';

/** The tools, and a folder that is gone after the tests of the file. Call it once, outside of any test. Throws where ffmpeg is missing: `npm test` installs it. */
export async function setUp(name: string): Promise<{ dir: string; tools: Tools }> {
  // a busy machine is asked again
  const tools = await vi.waitFor(() => findTools(), { timeout: 60_000, interval: 1_000 });
  if (tools === null) {
    throw new Error('ffmpeg is needed for these tests');
  }
  const dir = await mkdtemp(join(tmpdir(), `${name}-`));
  afterAll(async () => {
    await rm(dir, { recursive: true, force: true });
  });
  return { dir, tools };
}
