/**
 * Clips to test with, each named for its defect, with what the check must say of it. Tiny: a second or so each. HE-AAC is only announced in one: no ffmpeg
 * in a distribution encodes it.
 */
import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Notice, Refusal } from '@2t1l/game/challenge';
import { runFfmpeg, type Tools } from '../src/ffmpeg.ts';
import type { CanonicalVerdict, RedoReason } from '../src/verdict.ts';
import {
  announceHeAac,
  claimSamples,
  lastForCenturies,
  overwriteSamples,
  randomiseOneSlice,
  shareSamples,
  showBackwards,
  stretch,
  trimTo,
  zeroLateSamples,
} from './damage.ts';
import { makeClip, type Recipe, words, X264 } from './make-clip.ts';

/** What a check must answer. `reasons` are those of the canonical verdict. */
export type Expected = Accepted | { outcome: 'refused'; reason: Refusal };

interface Accepted {
  outcome: 'accepted';
  action: CanonicalVerdict['action'];
  reasons: RedoReason[];
  notices?: Notice[];
  seconds?: number;
  size?: [number, number];
}

/** One clip: `make` writes it to `path`; other clips of the table can be made first and read from `dir`. */
export interface TestClip {
  name: string;
  expected: Expected;
  make: (path: string, context: { dir: string; tools: Tools }) => Promise<void>;
}

const keep: Accepted = { outcome: 'accepted', action: 'keep', reasons: [] };
const refuse = (reason: Refusal): Expected => ({ outcome: 'refused', reason });
const redo = (action: 'redo_sound' | 'redo_all', ...reasons: RedoReason[]): Accepted => ({ outcome: 'accepted', action, reasons });

function of(recipe: Recipe): TestClip['make'] {
  return async (path, { tools }) => await makeClip(path, tools, recipe);
}

function text(content: string): TestClip['make'] {
  return async (path) => await writeFile(path, content);
}

/** A clip made from another one of the table by copying its streams. */
function copied(from: string, before: string, after: string): TestClip['make'] {
  return async (path, { dir, tools }) => {
    await makeOne(from, dir, tools);
    await runFfmpeg(tools, [...words(before), '-i', join(dir, from), '-c', 'copy', ...words(after), path]);
  };
}

/** One stream of a clip 0.3 s later than the other, by an empty edit. */
function shifted(late: '1:v' | '1:a'): TestClip['make'] {
  return async (path, { dir, tools }) => {
    const from = await makeOne('high.mp4', dir, tools);
    const streams = ['-map', late === '1:v' ? '1:v' : '0:v', '-map', late === '1:a' ? '1:a' : '0:a', '-c', 'copy'];
    await runFfmpeg(tools, ['-i', from, '-itsoffset', '0.3', '-i', from, ...streams, path]);
  };
}

/** Another clip of the table with its bytes changed. */
function changed(from: string, change: (path: string, bytes: Buffer) => Promise<void>): TestClip['make'] {
  return async (path, { dir, tools }) => {
    await makeOne(from, dir, tools);
    const bytes = await readFile(join(dir, from));
    await writeFile(path, bytes);
    await change(path, bytes);
  };
}

/** The table. */
export const TEST_CLIPS: readonly TestClip[] = [
  { name: 'high.mp4', expected: { ...keep, seconds: 1.2, size: [720, 1280] }, make: of({ picture: `${X264} -profile:v high -bf 0` }) },
  { name: 'high-b-frames.mp4', expected: keep, make: of({ picture: '-c:v libx264 -preset veryfast -pix_fmt yuv420p -bf 2' }) },
  {
    name: 'main-b-frames.mp4',
    expected: keep,
    make: of({ picture: '-c:v libx264 -preset veryfast -pix_fmt yuv420p -profile:v main -bf 2' }),
  },
  { name: 'baseline-44100-mono.mp4', expected: keep, make: of({ picture: `${X264} -profile:v baseline`, rate: 44_100, channels: 1 }) },
  { name: 'main-48000-mono.mp4', expected: keep, make: of({ picture: `${X264} -profile:v main`, channels: 1 }) },
  { name: 'quicktime.mov', expected: keep, make: of({}) },
  { name: 'moov-first.mp4', expected: keep, make: of({ more: '-movflags +faststart' }) },
  {
    name: 'variable-frame-rate.mp4',
    expected: keep,
    make: of({ more: "-vf select='not(eq(mod(n\\,7)\\,3)+eq(mod(n\\,5)\\,1))' -fps_mode vfr" }),
  },
  { name: 'sound-longer.mp4', expected: { ...keep, seconds: 1.7 }, make: of({ sound_seconds: 1.7 }) },
  { name: 'sound-shorter.mp4', expected: keep, make: of({ sound_seconds: 0.6 }) },
  {
    name: 'tagged.mp4',
    expected: keep,
    make: of({
      more: '-metadata title=SECRETTITLE -metadata location=+48.1+011.5/ -metadata creation_time=2020-01-02T03:04:05Z -metadata:s:v handler_name=SECRETPHONE',
    }),
  },
  { name: 'landscape.mp4', expected: { ...redo('redo_all', 'picture_size'), size: [640, 360] }, make: of({ size: '640x360' }) },
  {
    name: 'turned-by-matrix.mp4',
    expected: { ...keep, size: [720, 1280] },
    make: copied('landscape-720.mp4', '', '-metadata:s:v rotate=90'),
  },
  {
    name: 'turned-to-landscape.mp4',
    expected: { ...redo('redo_all', 'picture_size'), size: [1280, 720] },
    make: copied('high.mp4', '', '-metadata:s:v rotate=270'),
  },
  { name: 'landscape-720.mp4', expected: redo('redo_all', 'picture_size'), make: of({ size: '1280x720' }) },
  { name: 'upside-down.mp4', expected: keep, make: copied('high.mp4', '', '-metadata:s:v rotate=180') },
  {
    name: 'odd-size.mp4',
    expected: redo('redo_all', 'picture_size', 'picture_format', 'parameter_sets'),
    make: of({ size: '361x641', picture: '-c:v libx264 -preset ultrafast -pix_fmt yuv444p' }),
  },
  { name: 'fast-60.mp4', expected: redo('redo_all', 'frame_rate'), make: of({ fps: 60 }) },
  {
    name: 'hevc.mp4',
    expected: redo('redo_all', 'picture_codec'),
    make: of({ size: '360x640', picture: '-c:v libx265 -preset ultrafast -x265-params log-level=error -tag:v hvc1' }),
  },
  {
    name: 'hevc-hdr.mp4',
    expected: redo('redo_all', 'picture_codec'),
    make: of({
      size: '360x640',
      picture:
        '-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc -color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc -tag:v hvc1',
    }),
  },
  {
    name: 'hevc-hdr-pq.mp4',
    expected: redo('redo_all', 'picture_codec'),
    make: of({
      size: '360x640',
      picture:
        '-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -tag:v hvc1',
    }),
  },
  {
    name: 'hevc-10-bit.mp4',
    expected: redo('redo_all', 'picture_codec'),
    make: of({ size: '360x640', picture: '-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error -tag:v hvc1' }),
  },
  { name: 'he-aac-announced.mp4', expected: redo('redo_sound', 'sound_format'), make: changed('high.mp4', announceHeAac) },
  { name: 'late-sound.mp4', expected: { ...keep, seconds: 1.5 }, make: shifted('1:a') },
  { name: 'late-picture.mp4', expected: { ...redo('redo_all', 'start'), seconds: 1.5 }, make: shifted('1:v') },
  { name: 'no-sound.mp4', expected: { ...redo('redo_sound', 'no_sound'), notices: ['no_sound'] }, make: of({ silent: true }) },
  {
    name: 'opus-fragments.mp4',
    expected: redo('redo_sound', 'sound_codec'),
    make: of({ sound: '-c:a libopus', more: '-strict -2 -movflags +frag_keyframe+empty_moov+default_base_moof -g 10' }),
  },
  { name: 'aac-fragments.mp4', expected: keep, make: of({ more: '-movflags +frag_keyframe+empty_moov+default_base_moof -g 10' }) },
  { name: 'low-rate-sound.mp4', expected: redo('redo_sound', 'sound_format'), make: of({ rate: 22_050, channels: 1 }) },
  { name: 'cut-by-edit-list.mp4', expected: redo('redo_all', 'edit_list'), make: copied('long-group.mp4', '-ss 0.5', '') },
  { name: 'two-groups.mp4', expected: keep, make: of({ seconds: 2, more: '-g 15' }) },
  {
    name: 'trimmed-at-end.mp4',
    expected: { ...redo('redo_sound', 'edit_list', 'sound_edit_list'), seconds: 1.2 },
    make: changed('long-group.mp4', trimTo(1200, 0)),
  },
  {
    name: 'trimmed-to-a-key-frame.mp4',
    expected: { ...redo('redo_sound', 'edit_list', 'sound_edit_list'), seconds: 1.1 },
    make: changed('two-groups.mp4', trimTo(1100, 0.5)),
  },
  {
    name: 'trimmed-between-key-frames.mp4',
    expected: { ...redo('redo_all', 'edit_list', 'sound_edit_list'), seconds: 1.1 },
    make: changed('two-groups.mp4', trimTo(1100, 0.4)),
  },
  {
    name: '61-seconds-trimmed-to-2.mp4',
    expected: { ...redo('redo_all', 'picture_size', 'edit_list', 'sound_edit_list'), seconds: 2 },
    make: changed('61-seconds.mp4', trimTo(2000, 30)),
  },
  { name: 'trimmed-to-half-a-second.mp4', expected: refuse('too_short'), make: changed('long-group.mp4', trimTo(500, 0)) },
  { name: 'edit-behind-the-pictures.mp4', expected: refuse('no_picture'), make: changed('high.mp4', trimTo(1200, 20)) },
  {
    name: 'last-picture-for-long.mp4',
    expected: { ...redo('redo_sound', 'edit_list'), seconds: 1.2 },
    make: changed('variable-frame-rate.mp4', stretch('picture', -1, 15360 * 50)),
  },
  {
    name: 'pictures-apart.mp4',
    expected: { ...redo('redo_sound', 'edit_list'), seconds: 1.2 },
    make: changed('high.mp4', stretch('picture', 0, 15360)),
  },
  {
    name: 'sound-stretched.mp4',
    expected: { ...redo('redo_sound', 'sound_edit_list'), seconds: 1.2 },
    make: changed('high.mp4', stretch('sound', 0, 30_000)),
  },
  { name: 'shown-backwards.mp4', expected: refuse('damaged'), make: changed('high.mp4', showBackwards) },
  {
    name: 'pcm.mov',
    expected: { ...redo('redo_all', 'picture_size', 'sound_codec'), seconds: 1.4 },
    make: of({ size: '64x64', fps: 5, seconds: 1.4, rate: 192_000, channels: 1, sound: '-c:a pcm_s16le' }),
  },
  { name: 'long-group.mp4', expected: keep, make: of({ seconds: 2, more: '-g 120' }) },
  {
    name: 'vp8-without-duration.webm',
    expected: { ...redo('redo_all', 'picture_codec', 'sound_codec'), seconds: 1.2 },
    make: of({ size: '360x640', picture: '-c:v libvpx -deadline realtime -cpu-used 8', sound: '-c:a libopus', more: '-f webm -live 1' }),
  },
  {
    name: 'vp9-without-duration.webm',
    expected: { ...redo('redo_all', 'picture_codec', 'sound_codec'), seconds: 1.2 },
    make: of({
      size: '360x640',
      picture: '-c:v libvpx-vp9 -deadline realtime -cpu-used 8',
      sound: '-c:a libopus',
      more: '-f webm -live 1',
    }),
  },
  {
    name: 'h264-opus.mkv',
    expected: redo('redo_sound', 'container', 'sound_codec'),
    make: of({ sound: '-c:a libopus', more: '-f matroska -live 1' }),
  },
  { name: 'one-second.mp4', expected: { ...keep, seconds: 1 }, make: of({ seconds: 1 }) },
  { name: 'half-second.mp4', expected: refuse('too_short'), make: of({ seconds: 0.5 }) },
  {
    name: '60-seconds.mp4',
    expected: { ...redo('redo_all', 'picture_size'), seconds: 60 },
    make: of({ size: '64x64', fps: 5, seconds: 60 }),
  },
  {
    name: '60.4-seconds.mp4',
    expected: { ...redo('redo_all', 'picture_size'), seconds: 60.4 },
    make: of({ size: '64x64', fps: 5, seconds: 60.4 }),
  },
  { name: '60.8-seconds.mp4', expected: refuse('too_long'), make: of({ size: '64x64', fps: 5, seconds: 60.8 }) },
  { name: '61-seconds.mp4', expected: refuse('too_long'), make: of({ size: '64x64', fps: 5, seconds: 61 }) },
  {
    name: '61-seconds.webm',
    expected: refuse('too_long'),
    make: of({
      size: '64x64',
      fps: 5,
      seconds: 61,
      picture: '-c:v libvpx -deadline realtime -cpu-used 8',
      sound: '-c:a libopus',
      more: '-f webm -live 1',
    }),
  },
  { name: 'an-hour-of-black.mp4', expected: refuse('too_long'), make: of({ size: '64x64', fps: 1, seconds: 3600, silent: true }) },
  {
    name: '8192x8192.mp4',
    expected: refuse('too_many_pixels'),
    make: of({ size: '8192x8192', fps: 1, seconds: 1, silent: true, picture: '-c:v mjpeg -pix_fmt yuvj420p -q:v 31 -threads 1' }),
  },
  { name: 'two-pictures.mp4', expected: refuse('several_pictures'), make: copied('high.mp4', '', '-map 0:v -map 0:v -map 0:a') },
  { name: 'sound-only.m4a', expected: refuse('no_picture'), make: copied('high.mp4', '', '-vn -f mp4') },
  {
    name: 'other-container.avi',
    expected: refuse('unsupported_format'),
    make: of({ picture: '-c:v mpeg4', sound: '-c:a mp3', size: '64x64' }),
  },
  { name: 'other-container.ts', expected: refuse('unsupported_format'), make: copied('high.mp4', '', '-f mpegts') },
  { name: 'zero-bytes.mp4', expected: refuse('empty'), make: text('') },
  { name: 'one-byte.mp4', expected: refuse('not_a_video'), make: text('x') },
  { name: 'text.mp4', expected: refuse('not_a_video'), make: text('This is a story, not a video.\n'.repeat(50)) },
  { name: 'ffconcat.mp4', expected: refuse('not_a_video'), make: text("ffconcat version 1.0\nfile 'high.mp4'\n") },
  {
    name: 'playlist.mp4',
    expected: refuse('not_a_video'),
    make: text('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9.9,\nhigh.mp4\n#EXT-X-ENDLIST\n'),
  },
  {
    name: 'archive.mp4',
    expected: refuse('not_a_video'),
    make: async (path) => await writeFile(path, Buffer.from('504b0304140000000000', 'hex')),
  },
  {
    name: 'cut-off-moov-first.mp4',
    expected: refuse('incomplete'),
    make: changed('moov-first.mp4', async (path, bytes) => await truncate(path, Math.floor(bytes.length * 0.6))),
  },
  {
    name: 'cut-off-no-moov.mp4',
    expected: refuse('incomplete'),
    make: changed('high.mp4', async (path, bytes) => await truncate(path, Math.floor(bytes.length * 0.6))),
  },
  {
    name: 'no-moov.mp4',
    expected: refuse('incomplete'),
    make: changed('high.mp4', async (path, bytes) => await truncate(path, bytes.indexOf('moov') - 4)),
  },
  { name: 'cut-off.webm', expected: refuse('incomplete'), make: async (path, { tools }) => await cutWebm(path, tools) },
  { name: 'corrupt-mdat.mp4', expected: refuse('damaged'), make: changed('high.mp4', overwriteSamples) },
  { name: 'sample-bomb.mp4', expected: refuse('damaged'), make: changed('high.mp4', claimSamples) },
  { name: 'samples-in-one-place.mp4', expected: refuse('damaged'), make: changed('high.mp4', shareSamples) },
  { name: 'centuries.mp4', expected: refuse('too_long'), make: changed('high.mp4', lastForCenturies) },
  { name: 'zeroed-between-key-frames.mp4', expected: refuse('damaged'), make: changed('one-key-frame.mp4', zeroLateSamples) },
  { name: 'zeroed-and-heavy.mp4', expected: refuse('damaged'), make: changed('heavy.mp4', zeroLateSamples) },
  { name: 'noise-between-key-frames.mp4', expected: refuse('damaged'), make: changed('one-key-frame.mp4', randomiseOneSlice) },
  { name: 'one-key-frame.mp4', expected: keep, make: of({ more: '-g 120 -movflags +faststart' }) },
  {
    name: 'heavy.mp4',
    expected: keep,
    make: of({ more: '-vf noise=alls=100:allf=t -qp 14 -g 120 -movflags +faststart' }),
  },
  {
    name: 'one-large-picture.mp4',
    expected: refuse('too_short'),
    make: of({ size: '4096x2304', fps: 60, seconds: 0.016, silent: true }),
  },
  {
    name: 'too-many-large-pictures.mp4',
    expected: refuse('too_many_pixels'),
    make: copied('one-large-picture.mp4', '-stream_loop 1999', ''),
  },
];

/** Writes the named clip into `dir`, unless it is there, and gives its path. */
export async function makeOne(name: string, dir: string, tools: Tools): Promise<string> {
  const path = join(dir, name);
  const clip = TEST_CLIPS.find((candidate) => candidate.name === name);
  if (clip === undefined) {
    throw new Error(`no test clip ${name}`);
  }
  const isThere = await open(path, 'r').then(
    async (handle) => await handle.close().then(() => true),
    () => false,
  );
  if (!isThere) {
    await clip.make(path, { dir, tools });
  }
  return path;
}

async function cutWebm(path: string, tools: Tools): Promise<void> {
  await makeClip(path, tools, {
    size: '360x640',
    picture: '-c:v libvpx -deadline realtime -cpu-used 8',
    sound: '-c:a libopus',
    more: '-f webm',
  });
  const { length } = await readFile(path);
  await truncate(path, Math.floor(length * 0.6));
}
