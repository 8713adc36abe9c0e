/** The flow that the specification spells out, word for word: these addresses, this user, no prefix, the slash at the end. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Analysis } from '@2t1l/contract/analysis';
import { GuessAnswer, OwnChallenge, Reveal, Tokens, UploadAnswer } from '@2t1l/contract/schemas';
import type { SegmentIndex } from '@2t1l/game/challenge';
import { keepsCommitment } from '@2t1l/game/commitment';
import { beforeAll, describe, expect, test } from 'vitest';
import { closeAfterAll } from '../harness/after.ts';
import { type Api, expectProblem, makeApi } from '../harness/api.ts';
import { settled } from '../harness/challenges.ts';
import { clipMaker, topBoxes } from '../harness/clips.ts';
import { postClip } from '../harness/multipart.ts';
import { guestPlayer, registerPlayer, WILLING } from '../harness/players.ts';
import { FFMPEG, run } from '../harness/run.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';
import { makeSpeakingClip } from '../harness/speaking-clips.ts';
import { until } from '../harness/until.ts';
import { decodeWhole, probe } from '../harness/video.ts';

const LIE: SegmentIndex = 1;
/** Pictures of the three clips, at 30 a second. */
const PICTURES = [45, 60, 54];
const FRAME_SECONDS = 1 / 30;

const scratch = await makeScratch();
let server: Server;
let nobody: Api;
let clips: [string, string, string];

beforeAll(async () => {
  clips = await clipMaker(scratch.path).three();
  server = await startServer();
  nobody = makeApi(server.origin);
  await nobody.call('register', {
    body: { email: 'test@example.com', username: 'test', password: 'testpassword', ...WILLING },
  });
});
closeAfterAll(() => [server, scratch]);

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function answered<T>(response: Promise<Response>, status: number, schema: { parse(body: unknown): T }): Promise<T> {
  const answer = await response;
  const body: unknown = await answer.json();
  expect(`${answer.status} ${answer.ok ? '' : JSON.stringify(body)}`.trim()).toBe(String(status));
  return schema.parse(body);
}

describe('the flow of the specification', () => {
  let author: Api;
  let id: string;
  let challenge: OwnChallenge;
  let file: string;

  test('log in, create, upload three times, process', async () => {
    const session = await answered(nobody.fetch('/auth/login', json({ email: 'test@example.com', password: 'testpassword' })), 200, Tokens);
    expect(session).toMatchObject({ token_type: 'bearer', expires_in: 1800 });
    author = nobody.as(session.access_token);

    const draft = await answered(author.fetch('/challenges/', json({ title: 'Test Challenge' })), 201, OwnChallenge);
    expect(draft).toMatchObject({ title: 'Test Challenge', status: 'draft', clips: [], video_url: null, commitment: null });
    id = draft.id;

    for (const [index, path] of clips.entries()) {
      const { clip } = await answered(postClip(author, id, path, undefined, ''), 202, UploadAnswer);
      expect(clip.segment_index).toBe(index);
    }

    await expectProblem(nobody.fetch(`/challenges/${id}/process`, { method: 'POST' }), 'unauthenticated');
    await answered(author.fetch(`/challenges/${id}/process`, { method: 'POST' }), 200, OwnChallenge);
    challenge = await settled(author, id);
    expect(challenge.status).toBe('ready');
    expect(challenge.clips.map(({ status, width, height }) => ({ status, width, height }))).toEqual(
      Array(3).fill({ status: 'ready', width: 720, height: 1280 }),
    );
  });

  test('the analysis is completed and has both parts; who has not consented has declined', async () => {
    const { emotion_analysis, voice_analysis } = await analysed(author, id);
    for (const { segments } of [emotion_analysis, voice_analysis]) {
      expect(segments.map(({ status }) => status)).toEqual(['declined', 'declined', 'declined']);
    }
  });

  test('the same addresses with and without prefix and slash', async () => {
    for (const path of [`/challenges/${id}`, `/challenges/${id}/`, `/api/v1/challenges/${id}`, `/api/v1/challenges/${id}/`]) {
      expect((await answered(author.fetch(path), 200, OwnChallenge)).id).toBe(id);
    }
    for (const path of ['/challenges', '/challenges/', '/api/v1/challenges', '/api/v1/challenges/']) {
      expect((await author.fetch(path)).status, path).toBe(200);
    }
  });

  test('the video comes in ranges', async () => {
    const url = challenge.video_url ?? '';
    const whole = await nobody.fetch(url);
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(whole.headers.get('content-length')).toBe(String(bytes.length));
    const total = bytes.length;
    for (const [range, start, end] of [
      ['bytes=0-99', 0, 99],
      ['bytes=1000-1999', 1000, 1999],
      [`bytes=${total - 10}-`, total - 10, total - 1],
      ['bytes=-100', total - 100, total - 1],
      [`bytes=${total - 5}-${total + 1000}`, total - 5, total - 1],
    ] as const) {
      const part = await nobody.fetch(url, { headers: { range } });
      expect(part.status, range).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end}/${total}`);
      expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(start, end + 1)), range).toBe(true);
    }
    await expectProblem(nobody.fetch(url, { headers: { range: `bytes=${total}-` } }), 'range_unsatisfiable');
    file = join(scratch.path, 'merged.mp4');
    await writeFile(file, bytes);
  });

  test('it is one portrait video, the index in front, nothing of the clips’ metadata in it', async () => {
    const boxes = topBoxes(await readFile(file)).map(({ type }) => type);
    expect(boxes.indexOf('moov')).toBeGreaterThanOrEqual(0);
    expect(boxes.indexOf('moov')).toBeLessThan(boxes.indexOf('mdat'));
    const facts = await probe(file);
    const [picture, ...otherPictures] = facts.streams.filter((stream) => stream.codec_type === 'video');
    const sounds = facts.streams.filter((stream) => stream.codec_type === 'audio');
    expect(picture).toMatchObject({ codec_name: 'h264', width: 720, height: 1280 });
    expect(otherPictures).toEqual([]);
    expect(sounds.map((stream) => stream.codec_name)).toEqual(['aac']);
    await decodeWhole(FFMPEG, file);
  });

  test('segments touch each other, add up to the duration, are the chapters, and begin with the first picture of their clip', async () => {
    const facts = await probe(file);
    const { segments } = challenge;
    const durations = segments.map(({ start_seconds, end_seconds }) => end_seconds - start_seconds);
    expect(segments).toHaveLength(3);
    expect(segments[0]?.start_seconds).toBe(0);
    expect(segments[1]?.start_seconds).toBe(segments[0]?.end_seconds);
    expect(segments[2]?.start_seconds).toBe(segments[1]?.end_seconds);
    for (const [index, pictures] of PICTURES.entries()) {
      expect(Math.abs((durations[index] ?? 0) - pictures * FRAME_SECONDS)).toBeLessThan(FRAME_SECONDS);
    }
    expect(Math.abs(Number(facts.format.duration) - (segments[2]?.end_seconds ?? 0))).toBeLessThan(FRAME_SECONDS);

    expect(facts.chapters).toHaveLength(3);
    for (const [index, chapter] of facts.chapters.entries()) {
      expect(Math.abs(Number(chapter.start_time) - (segments[index]?.start_seconds ?? -1))).toBeLessThan(0.002);
    }
    // The same name but for the number: a name must not tell anything.
    expect(new Set(facts.chapters.map(({ tags }) => tags?.title?.replace(/[123]/, '#')))).toHaveLength(1);

    const merged = await pictures(file);
    for (const [index, path] of clips.entries()) {
      const [first] = await pictures(path);
      const found = merged.find(({ hash }) => hash === first?.hash);
      expect(Math.abs((found?.seconds ?? -1) - (segments[index]?.start_seconds ?? -2)), `segment ${index}`).toBeLessThan(0.001);
    }
    expect(merged).toHaveLength(PICTURES.reduce((sum, count) => sum + count, 0));
  });

  test('publish, guess, reveal; the promise is kept', async () => {
    const published = await answered(author.fetch(`/challenges/${id}/publish`, json({ lie_index: LIE })), 200, OwnChallenge);
    expect(published).toMatchObject({ status: 'published', lie_index: LIE, commitment: expect.stringMatching(/^[0-9a-f]{64}$/) });
    // Locked from now on; saying the same again is no change.
    expect(await author.call('publish', { params: { id }, body: { lie_index: LIE } })).toMatchObject({ commitment: published.commitment });
    await expectProblem(author.fetch(`/challenges/${id}/publish`, json({ lie_index: 0 })), 'challenge_locked');

    const detector = await registerPlayer(nobody);
    const open = await detector.api.call('challenge', { params: { id } });
    expect(open).toMatchObject({ is_author: false, has_guessed: false, commitment: published.commitment });
    expect((await detector.api.call('feed', { query: {} })).items.map((item) => item.id)).toContain(id);
    await expectProblem(detector.api.fetch(`/challenges/${id}/reveal`), 'guess_first');

    const answer = await answered(detector.api.fetch(`/challenges/${id}/guesses`, json({ guess: LIE, confidence: 1 })), 201, GuessAnswer);
    expect(answer).toMatchObject({ correct: true, score: 100, reveal: { lie_index: LIE, commitment: published.commitment } });
    const reveal = await answered(detector.api.fetch(`/challenges/${id}/reveal`), 200, Reveal);
    expect(reveal).toMatchObject({ lie_index: LIE, own: { guess: LIE, confidence: 1, correct: true, score: 100 } });

    const { nonce, commitment } = reveal;
    expect(commitment).toBe(published.commitment);
    expect(createHash('sha256').update(Buffer.from(nonce, 'hex')).update(Buffer.of(LIE)).digest('hex')).toBe(commitment);
    expect([0, 1, 2].map((lie) => keepsCommitment(commitment, lie as SegmentIndex, nonce))).toEqual([false, true, false]);

    const guest = await guestPlayer(nobody);
    const wrong = await guest.api.call('guess', { params: { id }, body: { guess: 0 } });
    expect(wrong).toMatchObject({ correct: false, score: -75 });
    expect(wrong.reveal.crowd).toEqual({ guesses: 2, shares: [0.5, 0.5, 0] });
    expect((await detector.api.call('feed', { query: {} })).items.map((item) => item.id)).not.toContain(id);
  });

  test('process, publish and an upload of the same bytes may come twice', async () => {
    const before = await author.call('challenge', { params: { id } });
    await answered(author.fetch(`/challenges/${id}/process`, { method: 'POST' }), 200, OwnChallenge);
    expect(await author.call('challenge', { params: { id } })).toEqual(before);
  });
});

test('with the lie set beforehand, process publishes by itself', async () => {
  const author = await registerPlayer(nobody);
  const { id } = await author.api.call('createChallenge', { body: { lie_index: 2 } });
  for (const index of [2, 0, 1]) {
    const first = await answered(postClip(author.api, id, clips[index] ?? '', index), 202, UploadAnswer);
    const again = await answered(postClip(author.api, id, clips[index] ?? '', index), 202, UploadAnswer);
    expect(again.clip.id).toBe(first.clip.id);
  }
  await author.api.call('process', { params: { id } });
  const published = await settled(author.api, id);
  expect(published).toMatchObject({ status: 'published', lie_index: 2 });
  expect(published.title).not.toBe('');
  expect(published.clips).toHaveLength(3);
});

test('GET analysis until it is completed: a face that speaks, a voice without a face, a tone', async () => {
  const author = await registerPlayer(nobody);
  await author.api.call('putConsents', { body: { tells: true } });
  const text = 'Once I missed a train and met my wife on the next one';
  const files = [
    await makeSpeakingClip(scratch.path, 'speaks', { text, voice: 'slt', hasFace: true }),
    await makeSpeakingClip(scratch.path, 'unseen', { text, voice: 'slt', hasFace: false }),
    clips[0],
  ];
  const { id } = await answered(author.api.fetch('/challenges/', json({ title: 'Test Challenge' })), 201, OwnChallenge);
  for (const path of files) {
    await answered(postClip(author.api, id, path, undefined, ''), 202, UploadAnswer);
  }
  await answered(author.api.fetch(`/challenges/${id}/process`, { method: 'POST' }), 200, OwnChallenge);

  const { emotion_analysis, voice_analysis, tells } = await analysed(author.api, id);
  expect(emotion_analysis.segments.map(({ status }) => status)).toEqual(['completed', 'no_face', 'no_face']);
  expect(voice_analysis.segments.map(({ status }) => status)).toEqual(['completed', 'completed', 'no_speech']);
  expect(tells?.segments).toHaveLength(3);

  const [face] = emotion_analysis.segments;
  expect(face?.frames.length).toBeGreaterThan(3);
  for (const { timestamp_seconds, confidence, ...scores } of face?.frames ?? []) {
    const values = Object.values(scores);
    expect(values).toHaveLength(7);
    expect(values.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 2);
    expect(confidence).toBeCloseTo(Math.max(...values), 3);
    expect(timestamp_seconds).toBeLessThan(60);
  }
  for (const voice of voice_analysis.segments.slice(0, 2)) {
    expect(voice.stress_level).not.toBeNull();
    expect(voice.speaking_rate).toBeGreaterThan(1);
    expect(voice.pitch_median_hz).toBeGreaterThan(100);
  }
  // The same words by the same voice: what the picture is does not matter to it.
  expect(voice_analysis.segments[1]?.pitch_median_hz).toBeCloseTo(voice_analysis.segments[0]?.pitch_median_hz ?? 0, 0);
});

/** Asks the address of the specification until the analysis is over. */
async function analysed(author: Api, id: string): Promise<Analysis> {
  const look = async () => {
    const analysis = await answered(author.fetch(`/challenges/${id}/analysis`), 200, Analysis);
    expect(analysis.status).not.toBe('failed');
    return analysis.status === 'completed' && analysis;
  };
  return await until(look, { what: `the analysis of ${id} to be completed`, timeoutMs: 90_000, everyMs: 300 });
}

/** Every decoded picture with its time, by ffmpeg. */
async function pictures(path: string): Promise<{ seconds: number; hash: string }[]> {
  const out = await run(FFMPEG, [
    '-v',
    'error',
    '-nostdin',
    '-i',
    path,
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-f',
    'framemd5',
    '-',
  ]);
  const [, base = '1/30'] = /#tb 0: (\S+)/.exec(out) ?? [];
  const [numerator = 1, denominator = 30] = base.split('/').map(Number);
  return out
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((field) => field.trim()))
    .map((fields) => ({ seconds: (Number(fields[2]) * numerator) / denominator, hash: fields[5] ?? '' }));
}
