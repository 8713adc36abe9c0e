import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { childCommands, commandsWith, sessionsOf } from '../test/processes.ts';
import { setUp } from '../test/set-up.ts';
import { findTools, runFfmpeg } from './ffmpeg.ts';
import { blamesFile, DiskFullError, FfmpegError, TimeLimitError, ToolMissingError } from './ffmpeg-errors.ts';

const { tools } = await setUp('ffmpeg');
const ENDLESS = ['-re', '-f', 'lavfi', '-i', 'sine', '-f', 'null', '-'];

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
      await vi.waitFor(async () => expect(await commandsWith('sine')).toEqual([]));
    },
  );

  it.runIf(process.platform === 'linux')('leaves nothing where it is aborted while its sandbox begins', async () => {
    for (let ms = 2; ms < 40; ms += 3) {
      const signal = AbortSignal.timeout(ms);
      await expect(runFfmpeg(tools, ENDLESS, { signal, is_in_session: true })).rejects.toThrow(/abort|timeout/i);
    }
    await vi.waitFor(async () => expect(await commandsWith('sine')).toEqual([]));
  });

  it.runIf(existsSync('/proc/self/autogroup'))('comes after other sessions (where Linux shares the processor out by session)', async () => {
    const stop = new AbortController();
    const running = runFfmpeg(tools, ENDLESS, { signal: stop.signal }).catch(() => undefined);
    await vi.waitFor(async () => expect(await sessionsOf('sine')).toEqual([expect.stringMatching(/nice 5$/m)]), { timeout: 10_000 });
    stop.abort();
    await running;
  });

  it.runIf(process.platform === 'linux')('knows a full disk', async () => {
    const writing = runFfmpeg(tools, ['-f', 'lavfi', '-i', 'sine=d=5', '-f', 's16le', '/dev/full']);
    await expect(writing).rejects.toBeInstanceOf(DiskFullError);
  });
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
