import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeClip } from '../test/make-clip.ts';
import { commandsWith } from '../test/processes.ts';
import { setUp } from '../test/set-up.ts';
import { canBind, startsIsolated } from './confine.ts';
import { findTools, openArgs, runFfmpeg } from './ffmpeg.ts';
import { ToolBusyError } from './ffmpeg-errors.ts';

const { dir, tools } = await setUp('confine');

const isIsolated = await startsIsolated(tools.ffmpeg);
const title = (name: string) => (isIsolated ? name : `${name} (skipped: bubblewrap is not installed here or may not make namespaces)`);

beforeAll(async () => {
  await Promise.all(['in', 'out', 'other'].map(async (name) => await mkdir(join(dir, name))));
  await makeClip(join(dir, 'in', 'clip.mp4'), tools, { size: '64x64', seconds: 1 });
  await makeClip(join(dir, 'in', 'neighbour.mp4'), tools, { size: '64x64', seconds: 1 });
  await writeFile(join(dir, 'other', 'key.txt'), 'SECRET');
});

/** Lets a filter inside the run open `path`, past everything that we say about inputs; `inputs` are named openly. */
async function open(path: string, inputs: readonly string[] = []): Promise<string> {
  const args = [join(dir, 'in', 'clip.mp4'), ...inputs].flatMap((input) => openArgs(input, 'mov'));
  return await runFfmpeg(tools, [...args, '-filter_complex', `movie=${path}`, '-f', 'null', '-']);
}

const isBound = await canBind();

/** A process of its own that encodes for a long time, by the `ffmpeg` named, until something kills it. */
function encodeElsewhere(ffmpeg: string, output: string) {
  const args = ['-f', 'lavfi', '-i', 'testsrc2=s=720x1280:r=30:d=600', '-c:v', 'libx264', output];
  const script = `import { runFfmpeg } from ${JSON.stringify(new URL('./ffmpeg.ts', import.meta.url))};
    await runFfmpeg(${JSON.stringify({ ...tools, ffmpeg })}, ${JSON.stringify(args)}, { cpu_seconds: 30 });`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
}

describe('a confined run', () => {
  // A bare name is not looked up inside a root of its own, so it runs as it does where bubblewrap is missing.
  it.runIf(isBound).each([
    ['with bubblewrap where it is there', () => tools.ffmpeg],
    ['without bubblewrap', () => 'ffmpeg'],
  ])(`ends with the process that started it, %s${isBound ? '' : ' (skipped: no setpriv of util-linux here)'}`, async (_, ffmpeg) => {
    const output = join(dir, 'out', `killed-${ffmpeg().length}.mp4`);
    const encoding = encodeElsewhere(ffmpeg(), output);
    const isEncoding = async () => (await commandsWith(output)).some((command) => command.startsWith(`${ffmpeg()}\0`));
    await expect.poll(isEncoding, { timeout: 10_000 }).toBe(true);
    encoding.kill('SIGKILL');
    await once(encoding, 'exit');
    await expect.poll(() => commandsWith(output), { timeout: 2_000 }).toEqual([]);
  });

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

  it.runIf(isIsolated).each([
    ['starts too late', 'exec sleep 60'],
    ['is killed', 'kill -9 $$'],
  ])(title('is not let out of its sandbox because the machine was busy: the trial %s'), async (what, script) => {
    const [tool, probe] = [join(dir, 'in', `${what.length}-ffmpeg`), join(dir, 'in', `${what.length}-ffprobe`)];
    expect(await startsIsolated(tool)).toBe(false);
    await writeFile(probe, '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(tool, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const trials = await Promise.allSettled([startsIsolated(tool, 300), startsIsolated(tool, 300)]);
    expect(trials.map((trial) => trial.status === 'rejected' && trial.reason instanceof ToolBusyError)).toEqual([true, true]);
    await writeFile(tool, '#!/bin/sh\n');
    expect(await findTools(tool)).toEqual({ ffmpeg: tool, ffprobe: probe });
    expect(await startsIsolated(tool)).toBe(true);
  });

  it.runIf(isIsolated)(title('is put off where the tools are looked for on a busy machine'), async () => {
    const tool = join(dir, 'in', 'killed-ffmpeg');
    await writeFile(tool, '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
    await expect(findTools(tool)).rejects.toThrow(ToolBusyError);
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
