/**
 * Clips to test with, each named for its defect, with what the check must say of it. Tiny: a second or so each. HE-AAC is only announced in one: no ffmpeg
 * in a distribution encodes it.
 */
import { access, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Notice, Refusal } from '@2t1l/game/challenge';
import type { Tools } from '../src/ffmpeg.ts';
import type { CanonicalVerdict, RedoReason } from '../src/verdict.ts';
import { changed, copied, cutOff, type Make, of, shifted, text } from './clip-makers.ts';
import {
  announceHeAac,
  announceMono,
  claimSamples,
  hideFirstSound,
  lastForCenturies,
  onlyFirstIsKey,
  overwriteSamples,
  randomiseOneSlice,
  shareSamples,
  showBackwards,
  showFirstEarly,
  stretch,
  swellConfig,
  trimTo,
  zeroLateSamples,
} from './damage.ts';
import { X264 } from './make-clip.ts';

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

/** One clip of the table. */
export interface TestClip {
  name: string;
  expected: Expected;
  make: Make;
}

const clip = (name: string, expected: Expected, make: Make): TestClip => ({ name, expected, make });
const keep: Accepted = { outcome: 'accepted', action: 'keep', reasons: [] };
const sound = (...reasons: RedoReason[]): Accepted => ({ outcome: 'accepted', action: 'redo_sound', reasons });
const picture = (...reasons: RedoReason[]): Accepted => ({ outcome: 'accepted', action: 'redo_picture', reasons });
const all = (...reasons: RedoReason[]): Accepted => ({ outcome: 'accepted', action: 'redo_all', reasons });
const refuse = (reason: Refusal): Expected => ({ outcome: 'refused', reason });

const FRAGMENTS = '-movflags +frag_keyframe+empty_moov+default_base_moof -g 10';
const B_FRAMES = '-c:v libx264 -preset veryfast -pix_fmt yuv420p -bf 2';
const OPUS = '-c:a libopus';
const VP8 = { size: '360x640', picture: '-c:v libvpx -deadline realtime -cpu-used 8', sound: OPUS, more: '-f webm -live 1' };
const VP9 = { ...VP8, picture: '-c:v libvpx-vp9 -deadline realtime -cpu-used 8' };
const TAGS =
  '-metadata title=SECRETTITLE -metadata location=+48.1+011.5/ -metadata creation_time=2020-01-02T03:04:05Z -metadata:s:v handler_name=SECRETPHONE -f mov -bsf:v h264_metadata=sei_user_data=00000000-0000-0000-0000-000000000001+SECRETPLACE';
const TINY = { size: '64x64', fps: 5 };
const LARGE = { size: '4096x2304', fps: 32, seconds: 0.03, silent: true };

function hevc(depth: 8 | 10, transfer = '') {
  const colours = '-color_primaries bt2020 -color_trc TRC -colorspace bt2020nc'.replace('TRC', transfer);
  const told = transfer === '' ? '' : `:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc ${colours}`;
  const format = depth === 10 ? '-pix_fmt yuv420p10le' : '';
  return of({ size: '360x640', picture: `-c:v libx265 -preset ultrafast ${format} -x265-params log-level=error${told} -tag:v hvc1` });
}

/** What old cameras, cameras of film-makers and browsers that are asked for it write beside H.264 or MJPEG. */
function plain(codec: string, rate = 48_000, more = '') {
  return of({ ...TINY, rate, channels: 1, sound: `-c:a ${codec}`, more });
}

/** The table. */
export const TEST_CLIPS: readonly TestClip[] = [
  // accepted as they are
  clip('high.mp4', { ...keep, seconds: 1.2, size: [720, 1280] }, of({ picture: `${X264} -profile:v high -bf 0` })),
  clip('high-b-frames.mp4', keep, of({ picture: B_FRAMES })),
  clip('main-b-frames.mp4', keep, of({ picture: `${B_FRAMES} -profile:v main` })),
  clip('baseline-44100-mono.mp4', keep, of({ picture: `${X264} -profile:v baseline`, rate: 44_100, channels: 1 })),
  clip('main-48000-mono.mp4', keep, of({ picture: `${X264} -profile:v main`, channels: 1 })),
  clip('high-44100-stereo.mp4', keep, of({ rate: 44_100 })),
  clip('quicktime.mov', keep, of({})),
  clip('moov-first.mp4', keep, of({ more: '-movflags +faststart' })),
  clip('aac-fragments.mp4', keep, of({ more: FRAGMENTS })),
  clip('variable-frame-rate.mp4', keep, of({ more: "-vf select='not(eq(mod(n\\,7)\\,3)+eq(mod(n\\,5)\\,1))' -fps_mode vfr" })),
  clip('two-groups.mp4', keep, of({ seconds: 2, more: '-g 15' })),
  clip('long-group.mp4', keep, of({ seconds: 2, more: '-g 120' })),
  clip('one-key-frame.mp4', keep, of({ more: '-g 120 -movflags +faststart' })),
  clip('heavy.mp4', keep, of({ more: '-vf noise=alls=100:allf=t -qp 14 -g 120 -movflags +faststart' })),
  clip('one-second.mp4', { ...keep, seconds: 1 }, of({ seconds: 1 })),
  clip('sound-longer.mp4', { ...keep, seconds: 1.7 }, of({ sound_seconds: 1.7 })),
  clip('sound-shorter.mp4', keep, of({ sound_seconds: 0.6 })),
  clip('late-sound.mp4', { ...keep, seconds: 1.5 }, shifted('1:a')),
  clip('turned-by-matrix.mp4', { ...keep, size: [720, 1280] }, copied('landscape-720.mp4', '', '-metadata:s:v rotate=90')),
  clip('two-sounds.mp4', keep, copied('high.mp4', '', '-map 0:v -map 0:a -map 0:a')),
  clip('upside-down.mp4', keep, copied('high.mp4', '', '-metadata:s:v rotate=180')),
  clip('tagged.mp4', keep, of({ more: TAGS })),

  // accepted, their sound made anew
  clip('no-sound.mp4', { ...sound('no_sound'), notices: ['no_sound'] }, of({ silent: true })),
  clip('opus-fragments.mp4', sound('sound_codec'), of({ sound: OPUS, more: `-strict -2 ${FRAGMENTS}` })),
  clip('h264-opus.mkv', sound('container', 'sound_codec'), of({ sound: OPUS, more: '-f matroska -live 1' })),
  clip('low-rate-sound.mp4', sound('sound_format'), of({ rate: 22_050, channels: 1 })),
  clip('he-aac-announced.mp4', sound('sound_format'), changed('high.mp4', announceHeAac)),
  clip('stereo-announced-as-mono.mp4', sound('sound_format'), changed('high.mp4', announceMono)),
  clip('trimmed-at-end.mp4', { ...sound('edit_list', 'sound_edit_list'), seconds: 1.2 }, changed('long-group.mp4', trimTo(1200, 0))),
  clip(
    'trimmed-to-a-key-frame.mp4',
    { ...sound('edit_list', 'sound_edit_list'), seconds: 1.1 },
    changed('two-groups.mp4', trimTo(1100, 0.5)),
  ),
  clip(
    'last-picture-for-long.mp4',
    { ...sound('edit_list'), seconds: 1.2 },
    changed('variable-frame-rate.mp4', stretch('picture', -1, 15360 * 50)),
  ),
  clip('pictures-apart.mp4', { ...sound('edit_list'), seconds: 1.2 }, changed('high.mp4', stretch('picture', 0, 15360))),
  clip('sound-stretched.mp4', { ...sound('sound_edit_list'), seconds: 1.2 }, changed('high.mp4', stretch('sound', 0, 30_000))),

  // accepted, their picture made anew, or all of them
  clip('landscape.mp4', { ...picture('picture_size'), size: [640, 360] }, of({ size: '640x360' })),
  clip('landscape-720.mp4', picture('picture_size'), of({ size: '1280x720' })),
  clip('turned-to-landscape.mp4', { ...picture('picture_size'), size: [1280, 720] }, copied('high.mp4', '', '-metadata:s:v rotate=270')),
  clip(
    'odd-size.mp4',
    picture('picture_size', 'picture_format', 'parameter_sets'),
    of({ size: '361x641', picture: `${X264.replace('420', '444')}` }),
  ),
  clip('kilobytes-behind-the-parameter-sets.mp4', picture('parameter_sets'), changed('high.mp4', swellConfig)),
  clip('wide-pixels.mp4', { ...picture('picture_size'), size: [1440, 1280] }, of({ more: '-vf setsar=2' })),
  clip('fast-60.mp4', picture('frame_rate'), of({ fps: 60 })),
  clip('hevc.mp4', picture('picture_codec'), hevc(8)),
  clip('hevc-10-bit.mp4', picture('picture_codec'), hevc(10)),
  clip('hevc-hdr.mp4', picture('picture_codec'), hevc(10, 'arib-std-b67')),
  clip('hevc-hdr-pq.mp4', picture('picture_codec'), hevc(10, 'smpte2084')),
  clip('vp8-without-duration.webm', { ...all('picture_codec', 'sound_codec'), seconds: 1.2 }, of(VP8)),
  clip('vp9-without-duration.webm', { ...all('picture_codec', 'sound_codec'), seconds: 1.2 }, of(VP9)),
  clip('late-picture.mp4', { ...picture('start'), seconds: 1.5 }, shifted('1:v')),
  clip('cut-by-edit-list.mp4', picture('edit_list'), copied('long-group.mp4', '-ss 0.5', '')),
  clip(
    'trimmed-between-key-frames.mp4',
    { ...all('edit_list', 'sound_edit_list'), seconds: 1.1 },
    changed('two-groups.mp4', trimTo(1100, 0.4)),
  ),
  clip(
    '61-seconds-trimmed-to-2.mp4',
    { ...all('picture_size', 'edit_list', 'sound_edit_list'), seconds: 2 },
    changed('61-seconds.mp4', trimTo(2000, 30)),
  ),
  clip(
    'a-large-film-trimmed-to-1.mp4',
    { ...all('picture_size', 'frame_rate', 'edit_list', 'no_sound'), notices: ['no_sound'], seconds: 1 },
    changed('too-many-large-pictures.mp4', trimTo(1000, 58)),
  ),
  clip('60-seconds.mp4', { ...picture('picture_size'), seconds: 60 }, of({ ...TINY, seconds: 60 })),
  clip('60.4-seconds.mp4', { ...picture('picture_size'), seconds: 60.4 }, of({ ...TINY, seconds: 60.4 })),
  clip(
    'pcm-s16.mov',
    { ...all('picture_size', 'sound_codec'), seconds: 1.4 },
    of({ ...TINY, seconds: 1.4, rate: 192_000, channels: 1, sound: '-c:a pcm_s16le' }),
  ),
  clip('pcm-s24.mov', all('picture_size', 'sound_codec'), plain('pcm_s24le')),
  clip('pcm-s24-big-endian.mov', all('picture_size', 'sound_codec'), plain('pcm_s24be')),
  clip('pcm-f32.mov', all('picture_size', 'sound_codec'), plain('pcm_f32le')),
  clip('pcm-f32.mkv', all('picture_size', 'container', 'sound_codec'), plain('pcm_f32le', 48_000, '-f matroska -live 1')),
  clip('pcm-u8.mov', all('picture_size', 'sound_codec'), plain('pcm_u8', 11_025)),
  clip('mu-law.mov', all('picture_size', 'sound_codec'), plain('pcm_mulaw', 8000)),
  clip('a-law.mov', all('picture_size', 'sound_codec'), plain('pcm_alaw', 8000)),

  // refused
  clip('half-second.mp4', refuse('too_short'), of({ seconds: 0.5 })),
  clip('trimmed-to-half-a-second.mp4', refuse('too_short'), changed('long-group.mp4', trimTo(500, 0))),
  clip('one-large-picture.mp4', refuse('too_short'), of(LARGE)),
  clip('60.8-seconds.mp4', refuse('too_long'), of({ ...TINY, seconds: 60.8 })),
  clip('61-seconds.mp4', refuse('too_long'), of({ ...TINY, seconds: 61 })),
  clip('61-seconds.webm', refuse('too_long'), of({ ...VP8, ...TINY, seconds: 61 })),
  clip('an-hour-of-black.mp4', refuse('too_long'), of({ size: '64x64', fps: 1, seconds: 3600, silent: true })),
  clip('centuries.mp4', refuse('too_long'), changed('high.mp4', lastForCenturies)),
  clip(
    '8192x8192.mp4',
    refuse('too_many_pixels'),
    of({ size: '8192x8192', fps: 1, seconds: 1, silent: true, picture: '-c:v mjpeg -pix_fmt yuvj420p -q:v 31 -threads 1' }),
  ),
  clip('too-many-large-pictures.mp4', refuse('too_many_pixels'), copied('one-large-picture.mp4', '-stream_loop 1899', '')),
  clip('a-large-film-behind-one-key-frame.mp4', refuse('too_many_pixels'), changed('a-large-film-trimmed-to-1.mp4', onlyFirstIsKey)),
  clip('very-wide-pixels.mp4', refuse('too_many_pixels'), of({ more: '-vf setsar=100' })),
  clip('two-pictures.mp4', refuse('several_pictures'), copied('high.mp4', '', '-map 0:v -map 0:v -map 0:a')),
  clip('sound-only.m4a', refuse('no_picture'), copied('high.mp4', '', '-vn -f mp4')),
  clip('edit-behind-the-pictures.mp4', refuse('no_picture'), changed('high.mp4', trimTo(1200, 20))),
  clip('other-container.avi', refuse('unsupported_format'), of({ picture: '-c:v mpeg4', sound: '-c:a mp3', size: '64x64' })),
  clip('other-container.ts', refuse('unsupported_format'), copied('high.mp4', '', '-f mpegts')),
  clip('zero-bytes.mp4', refuse('empty'), text('')),
  clip('one-byte.mp4', refuse('not_a_video'), text('x')),
  clip('text.mp4', refuse('not_a_video'), text('This is a story, not a video.\n'.repeat(50))),
  clip('ffconcat.mp4', refuse('not_a_video'), text("ffconcat version 1.0\nfile 'high.mp4'\n")),
  clip('playlist.mp4', refuse('not_a_video'), text('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9.9,\nhigh.mp4\n#EXT-X-ENDLIST\n')),
  clip('archive.mp4', refuse('not_a_video'), text(Buffer.from('504b0304140000000000', 'hex'))),
  clip(
    'cut-off-moov-first.mp4',
    refuse('incomplete'),
    changed('moov-first.mp4', async (path, { length }) => await truncate(path, Math.floor(length * 0.6))),
  ),
  clip(
    'cut-off-no-moov.mp4',
    refuse('incomplete'),
    changed('high.mp4', async (path, { length }) => await truncate(path, Math.floor(length * 0.6))),
  ),
  clip(
    'no-moov.mp4',
    refuse('incomplete'),
    changed('high.mp4', async (path, bytes) => await truncate(path, bytes.indexOf('moov') - 4)),
  ),
  clip('cut-off.webm', refuse('incomplete'), cutOff({ ...VP8, more: '-f webm' }, 0.6)),
  clip('shown-backwards.mp4', refuse('damaged'), changed('high.mp4', showBackwards)),
  clip('first-hours-early.mp4', refuse('damaged'), changed('high.mp4', showFirstEarly(600 * 15_360))),
  clip('corrupt-mdat.mp4', refuse('damaged'), changed('high.mp4', overwriteSamples)),
  clip('sound-that-is-text.mp4', refuse('damaged'), changed('two-sounds.mp4', hideFirstSound)),
  clip('sample-bomb.mp4', refuse('damaged'), changed('high.mp4', claimSamples)),
  clip('samples-in-one-place.mp4', refuse('damaged'), changed('high.mp4', shareSamples)),
  clip('zeroed-between-key-frames.mp4', refuse('damaged'), changed('one-key-frame.mp4', zeroLateSamples)),
  clip('zeroed-and-heavy.mp4', refuse('damaged'), changed('heavy.mp4', zeroLateSamples)),
  clip('noise-between-key-frames.mp4', refuse('damaged'), changed('one-key-frame.mp4', randomiseOneSlice)),
];

/** Writes the named clip into `dir`, unless it is there, and gives its path. */
export async function makeOne(name: string, dir: string, tools: Tools): Promise<string> {
  const path = join(dir, name);
  const wanted = TEST_CLIPS.find((candidate) => candidate.name === name);
  if (wanted === undefined) {
    throw new Error(`no test clip ${name}`);
  }
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await wanted.make(path, { tools, other: async (from) => await makeOne(from, dir, tools) });
  }
  return path;
}
