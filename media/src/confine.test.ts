import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeClip } from '../test/make-clip.ts';
import { startsIsolated } from './confine.ts';
import { findTools, openArgs, runFfmpeg, type Tools } from './ffmpeg.ts';

const found = await findTools();
const isIsolated = found !== null && (await startsIsolated(found.ffmpeg));
const title = (name: string) => (isIsolated ? name : `${name} (skipped: bubblewrap is not installed here or may not make namespaces)`);

let dir: string;
let tools: Tools;

beforeAll(async () => {
  if (found === null) {
    throw new Error('ffmpeg is needed for these tests');
  }
  tools = found;
  dir = await mkdtemp(join(tmpdir(), 'confine-'));
  await Promise.all(['in', 'out', 'other'].map(async (name) => await mkdir(join(dir, name))));
  await makeClip(join(dir, 'in', 'clip.mp4'), tools, { size: '64x64', seconds: 1 });
  await makeClip(join(dir, 'in', 'neighbour.mp4'), tools, { size: '64x64', seconds: 1 });
  await writeFile(join(dir, 'other', 'key.txt'), 'SECRET');
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** Lets a filter inside the run open `path`, past everything that we say about inputs; `inputs` are named openly. */
async function open(path: string, inputs: readonly string[] = []): Promise<string> {
  const args = [join(dir, 'in', 'clip.mp4'), ...inputs].flatMap((input) => openArgs(input, 'mov'));
  return await runFfmpeg(tools, [...args, '-filter_complex', `movie=${path}`, '-f', 'null', '-']);
}

describe('a confined run', () => {
  it('reads its input and writes beside its output', async () => {
    const output = join(dir, 'out', 'copy.mp4');
    await runFfmpeg(tools, [...openArgs(join(dir, 'in', 'clip.mp4'), 'mov'), '-c', 'copy', output]);
    expect((await readFile(output)).length).toBeGreaterThan(1000);
  });

  it.runIf(isIsolated)(title('sees no file but those it was given'), async () => {
    const neighbour = join(dir, 'in', 'neighbour.mp4');
    for (const path of [neighbour, join(dir, 'other', 'key.txt'), '/etc/passwd', '/proc/self/environ']) {
      await expect(open(path)).rejects.toMatchObject({ last_lines: expect.arrayContaining([expect.stringContaining('No such file')]) });
    }
    await open(neighbour, [neighbour]);
  });

  it.runIf(isIsolated)(title('cannot change its input, even beside its output'), async () => {
    const input = join(dir, 'in', 'clip.mp4');
    const before = await readFile(input);
    const writing = runFfmpeg(tools, [
      ...openArgs(input, 'mov'),
      '-filter_complex',
      `ametadata=mode=print:file=${input}`,
      '-f',
      'mp4',
      join(dir, 'in', 'out.mp4'),
    ]);
    await expect(writing).rejects.toThrow();
    expect(Buffer.compare(await readFile(input), before)).toBe(0);
  });

  it.runIf(isIsolated)(title('does not reach the network'), async () => {
    let calls = 0;
    await using server = createServer((socket) => {
      calls += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(runFfmpeg(tools, ['-i', `tcp://127.0.0.1:${port}`, '-f', 'null', '-'])).rejects.toMatchObject({
      last_lines: expect.arrayContaining([expect.stringMatching(/Network is unreachable|Connection refused/)]),
    });
    expect(calls).toBe(0);
  });
});
