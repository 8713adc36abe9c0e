/** Whatever is recorded: a status that is true, and no figure where there is nothing to measure. Real clips, real models. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as checks from '@2t1l/analysis/node/check-models';
import { EmotionSegment, VoiceSegment } from '@2t1l/contract/analysis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { silentLog } from '../../test/ports.ts';
import type { Analysis, ClipAnalysis } from '../ports.ts';
import { tellsAnalysis } from './tells-analysis.ts';
import { tellsProcess } from './tells-process-host.ts';

vi.mock('@2t1l/analysis/node/check-models', { spy: true });

const PICTURE = fileURLToPath(new URL('demo/sample3.jpg', import.meta.resolve('@vladmandic/face-api/package.json')));
const { signal } = new AbortController();
const SETTINGS = { ffmpeg_path: null, sure_confidence: 0.6 };
const models = tellsAnalysis(silentLog, SETTINGS);
let folder: string;
let analysis: Analysis;
let model: string;
beforeAll(async () => {
  model = await checks.checkModels();
  folder = await mkdtemp(join(tmpdir(), '2t1l-tells-'));
  const loaded = await models.load();
  if (loaded === null) {
    throw new Error('no models');
  }
  analysis = loaded;
});
afterAll(async () => {
  await models.dispose();
  await rm(folder, { recursive: true });
});

/** One face, looking at the camera, as a window of the picture, moved by pixels. */
const face = (left = 0) => `crop=342:608:${1005 + left}:60`;
const PICTURES = {
  face: `${face()},scale=360:640`,
  pattern: 'drawbox=t=fill:c=teal,scale=360:640',
  twice: `${face()},scale=180:320,split[a][b];[b]hflip[c];[a][c]hstack,pad=360:640:0:160`,
  small: `${face()},scale=216:384,split[a][b];[b]scale=144:256,pad=144:384:0:64[c];[a][c]hstack,pad=360:640:0:128`,
  edge: `${face(128)},scale=360:640`,
  dark: `${face()},scale=360:640,lutrgb=r=val*0.03:g=val*0.03:b=val*0.03`,
};
const TEXT = 'Once I missed a train and met my wife on the next one. I still have the bell of it';
const SOUNDS = {
  voice: `flite=text='${TEXT}':voice=rms,aloop=-1:size=9000000`,
  none: null,
  silence: 'anullsrc=sample_rate=16000',
  noise: 'anoisesrc=color=pink:amplitude=0.3:sample_rate=16000',
  music: "aevalsrc='0.2*(sin(2*PI*t*262*pow(2,floor(mod(t*2,7))/12))+sin(2*PI*t*392))*exp(-3*mod(t,0.5))':sample_rate=16000",
} as const;

async function analyse(picture: keyof typeof PICTURES, sound: keyof typeof SOUNDS, seconds: number): Promise<ClipAnalysis> {
  const [still, path] = [join(folder, `${picture}.bmp`), join(folder, 'clip.mp4')];
  const ffmpeg = (...args: string[]) => promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
  await ffmpeg('-i', PICTURE, '-filter_complex', `${PICTURES[picture]},format=bgr24`, still);
  const source = SOUNDS[sound];
  await ffmpeg(
    ...['-loop', '1', '-framerate', '4', '-i', still, ...(source === null ? ['-an'] : ['-f', 'lavfi', '-i', source, '-c:a', 'aac'])],
    ...['-t', String(seconds), '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-threads', '1', path],
  );
  return await analysis.analyse({ path, workDir: folder }, signal);
}

test.each([
  ['a face and a voice', 'face', 'voice', 3, { status: 'completed' }, 'completed'],
  ['a face and a smaller one beside it', 'small', 'voice', 3, { status: 'completed' }, 'completed'],
  ['no face', 'pattern', 'voice', 3, { status: 'no_face', reason: 'none_found' }, 'completed'],
  ['two faces', 'twice', 'voice', 3, { status: 'no_face', reason: 'several_faces' }, 'completed'],
  ['a face at the edge', 'edge', 'voice', 3, { status: 'no_face', reason: 'at_edge' }, 'completed'],
  ['darkness', 'dark', 'voice', 3, { status: 'no_face', reason: 'too_dark' }, 'completed'],
  ['no sound', 'face', 'none', 3, { status: 'completed' }, 'no_speech'],
  ['silence', 'pattern', 'silence', 3, { status: 'no_face' }, 'no_speech'],
  ['music', 'pattern', 'music', 3, { status: 'no_face' }, 'no_speech'],
  ['noise', 'pattern', 'noise', 3, { status: 'no_face' }, 'no_speech'],
  ['one second', 'face', 'voice', 1, { status: 'completed' }, 'completed'],
  ['sixty seconds', 'face', 'voice', 60, { status: 'completed' }, 'completed'],
] as const)('%s', async (_, picture, sound, seconds, expected, voiceStatus) => {
  const result = await analyse(picture, sound, seconds);
  expect(result.face).toMatchObject(expected);
  expect(result.voice.status).toBe(voiceStatus);
  expect([EmotionSegment.safeParse(result.face).error, VoiceSegment.safeParse(result.voice).error]).toEqual([undefined, undefined]);
  if (result.face.status === 'no_face') {
    expect(result.face).toMatchObject({ frames: [], mean: null, variability: null, dominant: null });
    expect(result.curves.expression_change).toBeNull();
  } else {
    expect(result.face.frames).toHaveLength(2 * seconds);
  }
  if (voiceStatus === 'no_speech') {
    const { status, model, confidence, voice_quality, ...figures } = result.voice;
    expect([...Object.values(figures), ...Object.values(voice_quality)].filter((value) => value !== null)).toEqual([]);
    expect([confidence, result.curves.pitch_hz, result.curves.energy_db]).toEqual([0, null, null]);
  }
});

test('a clip that is let go, and one whose process ends, are told so; the next one is measured', async () => {
  await analyse('pattern', 'silence', 1);
  const clip = { path: join(folder, 'clip.mp4'), workDir: folder };
  const ending = new AbortController();
  const [left, other] = [analysis.analyse(clip, ending.signal), analysis.analyse(clip, signal)];
  ending.abort(new Error('changed my mind'));
  await expect(left).rejects.toThrow('changed my mind');
  expect((await other).face.status).toBe('no_face');
  const cut = analysis.analyse(clip, signal);
  await Promise.all([expect(cut).rejects.toThrow('has ended'), models.dispose()]);
  expect((await analysis.analyse(clip, signal)).voice.status).toBe('no_speech');
});

/** Processes this one has started that run the script. */
async function tellsProcesses(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    const [stat, command] = await Promise.all(['stat', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')));
    if (stat?.split(') ')[1]?.split(' ')[1] === String(process.pid) && command?.includes('tells-process')) {
      found.push(pid);
    }
  }
  return found;
}

/** An ffmpeg and its neighbour that are not found by who comes last already: on a busy machine it would wait for its turn for longer than it tries. */
async function triedInTime(): Promise<string> {
  for (const tool of ['ffprobe', 'ffmpeg']) {
    const script = `#!/bin/sh\ncase "$*" in *-version) chrt -p $$ | grep -q SCHED_IDLE && exit 1;; esac\nexec ${tool} "$@"\n`;
    await writeFile(join(folder, tool), script, { mode: 0o755 });
  }
  return join(folder, 'ffmpeg');
}

describe.runIf(process.platform === 'linux')('its process (looked at where there is /proc)', () => {
  test('comes last with all its threads, is given no secret in its environment and shows none in the list of processes, and outlives Ctrl-C', async () => {
    const SECRET = 'nobody-needs-to-know';
    vi.stubEnv('SECRET_KEY', SECRET);
    onTestFinished(() => void vi.unstubAllEnvs());
    const other = tellsAnalysis(silentLog, { ...SETTINGS, ffmpeg_path: await triedInTime(), ...{ secret_key: SECRET } });
    await analyse('pattern', 'silence', 1);
    const mine = await tellsProcesses();
    const clip = { path: join(folder, 'clip.mp4'), workDir: folder };
    await (await other.load())?.analyse(clip, signal);
    const [pid = ''] = (await tellsProcesses()).filter((each) => !mine.includes(each));
    for (const file of ['cmdline', 'environ']) {
      expect(await readFile(`/proc/${pid}/${file}`, 'utf8')).not.toContain(SECRET);
    }
    const threads = await readdir(`/proc/${pid}/task`);
    // proc_pid_stat(5): field 41 is the scheduling policy, 5 is SCHED_IDLE.
    const policies = await Promise.all(
      threads.map(async (id) => (await readFile(`/proc/${pid}/task/${id}/stat`, 'utf8')).split(') ')[1]?.split(' ')[38]),
    );
    expect([...new Set(policies)]).toEqual(['5']);
    process.kill(Number(pid), 'SIGINT');
    await sleep(200);
    const cut = (await other.load())?.analyse({ ...clip, path: join(folder, 'none.mp4') }, signal);
    await expect(cut).rejects.toMatchObject({ code: 'busy', retry_after_seconds: 1 });
    expect((await tellsProcesses()).filter((each) => each === pid)).toEqual([pid]);
    await other.dispose();
    expect(await tellsProcesses()).toEqual(mine);
  });

  test('one that is killed is told so, and followed by another', async () => {
    await analyse('pattern', 'silence', 1);
    const clip = { path: join(folder, 'clip.mp4'), workDir: folder };
    const cut = analysis.analyse(clip, signal);
    const [pid = ''] = await tellsProcesses();
    process.kill(Number(pid), 'SIGKILL');
    await expect(cut).rejects.toThrow('has ended');
    expect((await analysis.analyse(clip, signal)).voice.status).toBe('no_speech');
    expect(await tellsProcesses()).not.toContain(pid);
  });

  test('one that is killed with two clips is the fault of neither', async () => {
    await analyse('pattern', 'silence', 1);
    const clip = { path: join(folder, 'clip.mp4'), workDir: folder };
    const cut = Promise.allSettled([analysis.analyse(clip, signal), analysis.analyse(clip, signal)]);
    const [pid = ''] = await tellsProcesses();
    process.kill(Number(pid), 'SIGKILL');
    expect((await cut).map((end) => end.status === 'rejected' && end.reason.code)).toEqual(['busy', 'busy']);
  });

  test('one that was dead when it was spoken to takes no clip of the next one along', async () => {
    await analyse('pattern', 'silence', 1);
    const clip = { path: join(folder, 'clip.mp4'), workDir: folder };
    const [pid = ''] = await tellsProcesses();
    process.kill(Number(pid), 'SIGKILL');
    // It dies, and this thread cannot hear of it.
    execFileSync('sleep', ['0.3']);
    await expect(analysis.analyse(clip, signal)).rejects.toThrow('has ended');
    expect((await analysis.analyse(clip, signal)).voice.status).toBe('no_speech');
  });

  test('it is ended when it has rested, and not before; the next clip has a new one', async () => {
    await analyse('pattern', 'silence', 1);
    const mine = await tellsProcesses();
    const { measure, dispose } = tellsProcess(SETTINGS, 1500);
    const clip = { path: join(folder, 'clip.mp4'), workDir: folder };
    const others = async () => (await tellsProcesses()).filter((each) => !mine.includes(each));
    await measure(clip, model, signal);
    const first = await others();
    await measure(clip, model, signal);
    expect(await others()).toEqual(first);
    await expect.poll(others, { timeout: 15_000 }).toEqual([]);
    expect((await measure(clip, model, signal)).voice.status).toBe('no_speech');
    expect(await others()).not.toEqual(first);
    await dispose();
  });

  test('a server with nothing else to do waits for its end', async () => {
    const program = `import { tellsProcess } from '${new URL('tells-process-host.ts', import.meta.url)}';
      const { measure, dispose } = tellsProcess(${JSON.stringify(SETTINGS)});
      const clip = { path: '/nowhere.mp4', workDir: '/nowhere' };
      await measure(clip, '${model}', new AbortController().signal).catch((error) => console.log(error.message));
      await dispose();
      console.log('ended');`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toMatch(/nowhere.*\nended\n$/s);
  });
});

test('what goes wrong in the process arrives as what it is', async () => {
  const bare = tellsAnalysis(silentLog, { ...SETTINGS, ffmpeg_path: '/nowhere/ffmpeg' });
  const run = bare.load().then((loaded) => loaded?.analyse({ path: join(folder, 'clip.mp4'), workDir: folder }, signal));
  await expect(run).rejects.toMatchObject({ name: 'Problem', code: 'media_tool_missing' });
  await bare.dispose();
  await expect(analysis.analyse({ path: join(folder, 'none.mp4'), workDir: folder }, signal)).rejects.toThrow('none.mp4');
});

test('a damaged model is said in one line, once, and looked for again with every clip', async () => {
  const said: unknown[] = [];
  const late = tellsAnalysis({ ...silentLog, error: (...line) => said.push(line) }, SETTINGS);
  vi.mocked(checks.checkModels).mockRejectedValueOnce(new Error('weights.bin is damaged')).mockRejectedValueOnce(new Error('still'));
  expect([await late.load(), await late.load()]).toEqual([null, null]);
  expect(said).toEqual([[{ cause: 'weights.bin is damaged' }, expect.stringContaining('missing or damaged')]]);
  expect(await late.load()).not.toBeNull();
  await late.dispose();
});

test('models that are others than the server knows measure nothing under the old name; the next clip has the new one', async () => {
  await analyse('pattern', 'silence', 1);
  const clip = { path: join(folder, 'clip.mp4'), workDir: folder };
  const other = tellsAnalysis(silentLog, SETTINGS);
  onTestFinished(other.dispose);
  vi.mocked(checks.checkModels).mockResolvedValueOnce('models-of-yesterday');
  const changed = { code: 'busy', retry_after_seconds: 1 };
  await expect((await other.load())?.analyse(clip, signal)).rejects.toMatchObject(changed);
  const now = await other.load();
  expect([now?.model, (await now?.analyse(clip, signal))?.voice.status]).toEqual([analysis.model, 'no_speech']);
  // Its process has read the models, and must not measure as others.
  await expect(now?.analyse({ ...clip, path: join(folder, 'none.mp4') }, signal)).rejects.toThrow('none.mp4');
  vi.mocked(checks.checkModels).mockResolvedValueOnce('models-of-tomorrow');
  await expect((await other.load())?.analyse(clip, signal)).rejects.toMatchObject(changed);
});

test('models that are gone after a fault are missing, and what may have read them is ended; once they are back the next clip is measured', async () => {
  await analyse('pattern', 'silence', 1);
  const clip = { path: join(folder, 'clip.mp4'), workDir: folder };
  const other = tellsAnalysis(silentLog, SETTINGS);
  onTestFinished(other.dispose);
  const loaded = await other.load();
  const cut = loaded?.analyse(clip, signal);
  await expect(loaded?.analyse({ ...clip, path: join(folder, 'none.mp4') }, signal)).rejects.toThrow('none.mp4');
  vi.mocked(checks.checkModels).mockRejectedValueOnce(new Error('weights.bin is gone'));
  const [missing] = await Promise.all([other.load(), expect(cut).rejects.toThrow('has ended')]);
  expect(missing).toBeNull();
  expect((await (await other.load())?.analyse(clip, signal))?.voice.status).toBe('no_speech');
});
