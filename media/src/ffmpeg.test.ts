import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { childCommands, commandsWith, sessionsOf } from '../test/processes.ts';
import { setUp } from '../test/set-up.ts';
import { findTools, runFfmpeg } from './ffmpeg.ts';
import {
  blamesFile,
  DiskFullError,
  type Failing,
  FfmpegError,
  failure,
  isPassing,
  TimeLimitError,
  ToolBusyError,
  ToolMissingError,
} from './ffmpeg-errors.ts';

const { dir, tools } = await setUp('ffmpeg');
/** Its process is told from those of other tests by it. */
const TONE = `sine=f=${process.pid}`;
const ENDLESS = ['-re', '-f', 'lavfi', '-i', TONE, '-f', 'null', '-'];

describe('runFfmpeg', () => {
  it('says which tool is missing', async () => {
    await expect(runFfmpeg({ ...tools, ffmpeg: '/nowhere/ffmpeg' }, ['-version'])).rejects.toThrow(ToolMissingError);
    expect(await findTools('/nowhere/ffmpeg')).toBe(null);
  });

  it('gives the exit code and the last lines', async () => {
    const failing = runFfmpeg(tools, ['-i', '/nowhere.mp4', '-f', 'null', '-']);
    await expect(failing).rejects.toBeInstanceOf(FfmpegError);
    await expect(failing).rejects.toMatchObject({ exit_code: 1, last_lines: [expect.stringContaining('No such file')] });
  });

  it('ends at its wall-clock limit', async () => {
    await expect(runFfmpeg(tools, ENDLESS, { wall_seconds: 0.3 })).rejects.toMatchObject({ name: 'TimeLimitError', limit: 'wall' });
  });

  it.runIf(process.platform === 'linux')('ends at its processor limit', async () => {
    const busy = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720', '-f', 'null', '-'];
    await expect(runFfmpeg(tools, busy, { cpu_seconds: 1 })).rejects.toBeInstanceOf(TimeLimitError);
  });

  it.runIf(process.platform === 'linux').each([false, true])(
    'leaves no process behind an abort (is_in_session: %s)',
    async (is_in_session) => {
      await expect(runFfmpeg(tools, ENDLESS, { signal: AbortSignal.timeout(300), is_in_session })).rejects.toThrow(/abort|timeout/i);
      expect(await childCommands('ffmpeg')).toEqual([]);
      await vi.waitFor(async () => expect(await commandsWith(TONE)).toEqual([]));
    },
  );

  it.runIf(process.platform === 'linux')('leaves nothing where it is aborted while its sandbox begins', async () => {
    for (let ms = 2; ms < 40; ms += 3) {
      const signal = AbortSignal.timeout(ms);
      await expect(runFfmpeg(tools, ENDLESS, { signal, is_in_session: true })).rejects.toThrow(/abort|timeout/i);
    }
    await vi.waitFor(async () => expect(await commandsWith(TONE)).toEqual([]));
  });

  it.runIf(existsSync('/proc/self/autogroup'))('comes after other sessions (where Linux shares the processor out by session)', async () => {
    const stop = new AbortController();
    const running = runFfmpeg(tools, ENDLESS, { signal: stop.signal }).catch(() => undefined);
    await vi.waitFor(async () => expect(await sessionsOf(TONE)).toEqual([expect.stringMatching(/nice 5$/m)]), { timeout: 10_000 });
    stop.abort();
    await running;
  });

  it.runIf(process.platform === 'linux')('knows a full disk', async () => {
    const writing = runFfmpeg(tools, ['-f', 'lavfi', '-i', 'sine=d=5', '-f', 's16le', '/dev/full']);
    await expect(writing).rejects.toBeInstanceOf(DiskFullError);
  });
});

describe('findTools', () => {
  it('gives full paths, so that a sandbox can be made for them', async () => {
    expect(tools).toEqual({ ffmpeg: resolve(tools.ffmpeg), ffprobe: resolve(tools.ffprobe) });
    expect(await findTools('ffmpeg')).toEqual(tools);
    expect(await findTools(relative('.', tools.ffmpeg))).toEqual(tools);
  });

  it('finds nothing where there is no such program', async () => {
    expect(await findTools('no-such-ffmpeg')).toBe(null);
    expect(await findTools('./no-such-ffmpeg')).toBe(null);
  });

  // The first start is the trial of the sandbox, which says -version alone.
  it.runIf(process.platform !== 'win32').each([
    ['null where it gives up by itself', 'exit 1', null],
    ['null where it crashes', 'kill -SEGV $$', null],
    ['ToolBusyError where it was killed', 'kill -9 $$', ToolBusyError],
  ])('gives %s', async (what, script, expected) => {
    const path = join(dir, `${what.length}-ffmpeg`);
    await writeFile(path, `#!/bin/sh\n[ "$1" = -version ] || ${script}\n`, { mode: 0o755 });
    const found = await findTools(path).catch((error: Error) => error.constructor);
    expect(found).toBe(expected);
  });

  it.runIf(process.platform === 'linux')('is put off, as every run is, where no more files may be opened (Linux: ulimit)', async () => {
    const script = `
      import { openSync } from 'node:fs';
      import { findTools, runFfmpeg } from ${JSON.stringify(new URL('./ffmpeg.ts', import.meta.url))};
      await findTools();
      try { while (true) openSync('/dev/null'); } catch {}
      const failed = [findTools(), findTools(${JSON.stringify(tools.ffmpeg)}), runFfmpeg(${JSON.stringify(tools)}, ['-version'])];
      console.log((await Promise.allSettled(failed)).map(({ reason }) => \`\${reason?.name}: \${reason?.message}\`).join('\\n'));`;
    const limited = ['-c', 'ulimit -n 100; exec "$@"', 'sh', process.execPath];
    const { stdout } = await promisify(execFile)('/bin/sh', [...limited, '--input-type=module', '-e', script]);
    const programs = ['ffmpeg', tools.ffmpeg, tools.ffmpeg];
    expect(stdout.trim().split('\n')).toEqual(programs.map((name) => `ToolBusyError: ${name} cannot be started: EMFILE`));
  });
});

const MAP_FAILED = 'ffmpeg: error while loading shared libraries: libm.so.6: failed to map segment from shared object';

it.each<[Failing, boolean]>([
  [{ code: 'EAGAIN' }, true],
  [{ code: 'ENOMEM' }, true],
  [{ code: 'EMFILE' }, true],
  [{ code: 'ENFILE' }, true],
  [{ code: 'ENOENT' }, false],
  [{ code: 'EACCES' }, false],
  [{ code: 'EPERM' }, false],
  [{ code: 'ENOEXEC' }, false],
  [{ code: null, signal: 'SIGKILL' }, true],
  [{ code: null, signal: 'SIGTERM' }, true],
  [{ code: null, signal: 'SIGINT' }, true],
  [{ code: null, signal: 'SIGSEGV' }, false],
  [{ code: 137, stderr: '' }, true],
  [{ code: 139, stderr: '' }, false],
  [{ code: 1, stderr: "bwrap: Can't fork for pid 1: Resource temporarily unavailable" }, true],
  [{ code: 1, stderr: 'bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)' }, true],
  [{ code: 1, stderr: 'bwrap: Creating new namespace failed: No space left on device' }, true],
  [{ code: 1, stderr: 'Out of memory' }, true],
  [{ code: 126, stderr: 'prlimit: failed to execute /usr/bin/bwrap: Cannot allocate memory' }, true],
  [{ code: 127, stderr: MAP_FAILED }, true],
  [{ code: 127, stderr: `${MAP_FAILED}: Operation not permitted` }, false],
  [
    { code: 127, stderr: 'ffmpeg: error while loading shared libraries: libm.so.6: cannot open shared object file: Too many open files' },
    true,
  ],
  [
    {
      code: 127,
      stderr: 'ffmpeg: error while loading shared libraries: libx264.so: cannot open shared object file: No such file or directory',
    },
    false,
  ],
  [{ code: 1, stderr: 'bwrap: No permissions to create new namespace, likely because the kernel does not allow it' }, false],
  [{ code: 1, stderr: 'bwrap: execvp /usr/bin/ffmpeg: Text file busy' }, false],
])('what %j tells may pass: %s', (failing, expected) => {
  expect(isPassing(failing)).toBe(expected);
});

it.each([
  ['no process to be had', 1, ["bwrap: Can't fork for pid 1: Resource temporarily unavailable"], ToolBusyError],
  ['no namespace to be had', 1, ['bwrap: Creating new namespace failed: No space left on device'], ToolBusyError],
  ['no memory for the sandbox', 1, ['Out of memory'], ToolBusyError],
  ['no memory for a program', 126, ['prlimit: failed to execute /usr/bin/bwrap: Cannot allocate memory'], ToolBusyError],
  ['no memory for a library', 127, [MAP_FAILED], ToolBusyError],
  ['the tool is being written', 1, ['bwrap: execvp /opt/ffmpeg: Text file busy'], ToolMissingError],
  ['the tool is of two versions', 127, ['ffmpeg: symbol lookup error: ffmpeg: undefined symbol: av_log'], ToolMissingError],
  ['ffmpeg cannot have what the file asks for', 1, ['clip.mp4: Cannot allocate memory'], FfmpegError],
  ['the disk is full', 1, ['av_interleaved_write_frame(): No space left on device', 'Conversion failed!'], DiskFullError],
])('how a run ends: %s', (_name, code, lines, expected) => {
  expect(failure('ffmpeg', { code, killedBy: null, lines, hasUsedUp: false })).toBeInstanceOf(expected);
});

it.each([
  ['ffmpeg gave the file up', new FfmpegError('ffmpeg', 1, null, []), true],
  ['ffmpeg crashed on it', new FfmpegError('ffmpeg', null, 'SIGSEGV', []), true],
  ['it used up its processor time', new TimeLimitError('cpu', []), true],
  ['the wall clock ran out', new TimeLimitError('wall', []), false],
  ['the system killed it', new FfmpegError('ffmpeg', null, 'SIGKILL', []), false],
  ['it was asked to stop', new FfmpegError('ffmpeg', 255, null, []), false],
  ['the disk is full', new DiskFullError('full'), false],
])('whose fault: %s', (_name, error, expected) => {
  expect(blamesFile(error)).toBe(expected);
});
