import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makeClip } from '../test/make-clip.ts';
import { commandsWith } from '../test/processes.ts';
import { setUp } from '../test/set-up.ts';
import { canBind, startsIsolated } from './confine.ts';
import { findTools, openArgs, runFfmpeg } from './ffmpeg.ts';
import { ToolBusyError, ToolMissingError } from './ffmpeg-errors.ts';

const { dir, tools } = await setUp('confine');

// findTools has found it out already: no machine is too busy to say it
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

const isBound = await vi.waitFor(canBind, { timeout: 60_000, interval: 1_000 });

const canLimit = spawnSync('unshare', ['-Urn', 'true']).status === 0;

/** A program of one shell script, in place of the last one at once. */
async function program(name: string, script: string): Promise<string> {
  const path = join(dir, 'in', name);
  await writeFile(`${path}.new`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  await rename(`${path}.new`, path);
  return path;
}

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

  // Inside there is no /etc/passwd: these fail in the sandbox alone.
  it.runIf(isIsolated).each([
    ['late', '[ -e /etc/passwd ] || exec sleep 60', 300],
    ['killed', '[ -e /etc/passwd ] || kill -9 $$', undefined],
    ['short', '[ -e /etc/passwd ] || { echo "Out of memory" >&2; exit 1; }', undefined],
  ])(title('is not let out of its sandbox because the machine was busy: the trial ends %s'), async (what, script, patienceMs) => {
    const tool = await program(`${what}-ffmpeg`, script);
    const probe = await program(`${what}-ffprobe`, '');
    const trials = await Promise.allSettled([startsIsolated(tool, patienceMs), startsIsolated(tool, patienceMs)]);
    expect(trials.map((trial) => trial.status === 'rejected' && trial.reason instanceof ToolBusyError)).toEqual([true, true]);
    await program(`${what}-ffmpeg`, '');
    expect(await findTools(tool)).toEqual({ ffmpeg: tool, ffprobe: probe });
    expect(await startsIsolated(tool)).toBe(true);
  });

  it.runIf(isIsolated).each([
    ['absent', async () => undefined],
    ['not-yet-executable', async (path: string) => await writeFile(path, '#!/bin/sh\n', { mode: 0o644 })],
    ['cut-off', async (path: string) => await writeFile(path, (await readFile(tools.ffmpeg)).subarray(0, 4096), { mode: 0o755 })],
    ['without-a-library', async (path: string) => await writeFile(path, '#!/bin/sh\nexit 127\n', { mode: 0o755 })],
  ])(title('is not let out of its sandbox because its tool was %s at first'), async (what, begin) => {
    const path = join(dir, 'in', `${what}-ffmpeg`);
    await begin(path);
    await expect(startsIsolated(path)).rejects.toThrow(ToolMissingError);
    expect(await findTools(path)).toBe(null);
    await program(`${what}-ffmpeg`, '');
    expect(await startsIsolated(path)).toBe(true);
  });

  it.runIf(isIsolated)(title('is not let out of its sandbox because its tool was made whole between two trials'), async () => {
    const tool = join(dir, 'in', 'mended-ffmpeg');
    // the first start outside mends it
    await program(
      'mended-ffmpeg',
      `[ -e /etc/passwd ] || exit 1\nprintf '#!/bin/sh\\n' > ${tool}.new; chmod +x ${tool}.new; mv ${tool}.new ${tool}`,
    );
    expect(await startsIsolated(tool)).toBe(true);
  });

  it.runIf(isIsolated)(title('does without the sandbox for good where its tool starts only outside'), async () => {
    const tool = await program('outside-ffmpeg', '[ -e /etc/passwd ]');
    expect(await startsIsolated(tool)).toBe(false);
    await program('outside-ffmpeg', '');
    expect(await startsIsolated(tool)).toBe(false);
  });

  it.runIf(isIsolated && canLimit).each([
    ['does without the sandbox where no network namespace is ever allowed', 0, 'false'],
    ['is put off where the only network namespace allowed is in use', 1, 'ToolBusyError'],
  ])(
    `%s${isIsolated && canLimit ? '' : ' (skipped: no bubblewrap here, or unshare makes no user namespace)'}`,
    async (_, limit, expected) => {
      const script = `import { startsIsolated } from ${JSON.stringify(new URL('./confine.ts', import.meta.url))};
      console.log(await startsIsolated(${JSON.stringify(tools.ffmpeg)}).catch((error) => error.name));`;
      const limited = ['-c', `echo ${limit} > /proc/sys/user/max_net_namespaces; exec "$@"`, 'sh', process.execPath];
      const { stdout } = await promisify(execFile)('unshare', ['-Urn', 'sh', ...limited, '--input-type=module', '-e', script]);
      expect(stdout.trim()).toBe(expected);
    },
  );

  it.runIf(isIsolated)(title('is put off where the tools are looked for on a busy machine'), async () => {
    await expect(findTools(await program('busy-ffmpeg', 'kill -9 $$'))).rejects.toThrow(ToolBusyError);
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
