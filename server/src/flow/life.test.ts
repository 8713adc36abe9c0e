/** The steps on real SQLite, disk and ffmpeg. */
import { readdir } from 'node:fs/promises';
import type { ChallengeState, Segment, SegmentIndex, Transition } from '@2t1l/game/challenge';
import { keepsCommitment } from '@2t1l/game/commitment';
import { expect, test } from 'vitest';
import { type ClipName, receivedFile } from '../../test/clips.ts';
import { buildChallenge, buildPlayer, runningJob } from '../../test/factories.ts';
import { buildPorts, type TestPorts } from '../../test/ports.ts';
import type { Media, Ports } from '../ports.ts';
import { findAnswer } from '../store/answers.ts';
import { findChallenge } from '../store/challenges.ts';
import { findClip, listClips } from '../store/clips.ts';
import { checkClip } from './check-clip.ts';
import { mergeClips } from './merge-clips.ts';
import { processChallenge } from './process-challenge.ts';
import { publishChallenge, publishNow } from './publish-challenge.ts';
import { receiveClip } from './receive-clip.ts';
import { editChallenge } from './write-challenge.ts';

const GOOD = ['good-0.mp4', 'good-1.mp4', 'good-2.mp4'] as const;

async function receive(ports: TestPorts, challenge: { id: string; author_id: string }, name: ClipName, index: SegmentIndex | null = null) {
  const delivery = { challenge_id: challenge.id, player_id: challenge.author_id, segment_index: index };
  return receiveClip(delivery, await receivedFile(name, ports), ports);
}

async function withClips(ports: TestPorts, wish: Parameters<typeof buildChallenge>[1] = {}) {
  const challenge = await buildChallenge(ports, wish);
  for (const name of GOOD) {
    await receive(ports, challenge, name);
  }
  return challenge;
}

async function checkAll(ports: TestPorts, id: string): Promise<void> {
  for (const clip of await listClips(ports.db, id)) {
    await checkClip(runningJob('check-clip', { clip_id: clip.id }), ports);
  }
}

const stateOf = async (ports: Ports, id: string): Promise<ChallengeState | undefined> => (await findChallenge(ports.db, id))?.status;
const refs = async (ports: Ports) =>
  (await ports.db.selectFrom('blob_refs').select('owner').orderBy('owner').execute()).map((r) => r.owner);

test('three clips become a published challenge by themselves where the lie is set; every step run twice changes nothing', async () => {
  await using ports = await buildPorts();
  const challenge = await withClips(ports, { lie_index: 2 });
  const ask = { challenge_id: challenge.id, player_id: challenge.author_id };
  await processChallenge(ask, ports);
  expect(await stateOf(ports, challenge.id)).toBe('checking');
  await checkAll(ports, challenge.id);
  await checkAll(ports, challenge.id);
  expect(await stateOf(ports, challenge.id)).toBe('merging');
  await processChallenge(ask, ports);

  const merge = runningJob('merge-clips', { challenge_id: challenge.id });
  await mergeClips(merge, ports);
  await mergeClips(merge, ports);
  expect(merge.done_count).toBe(2);
  expect(await stateOf(ports, challenge.id)).toBe('publishing');

  const publish = runningJob('publish-challenge', { challenge_id: challenge.id });
  await publishChallenge(publish, ports);
  const first = await findChallenge(ports.db, challenge.id);
  await publishChallenge(publish, ports);
  await processChallenge(ask, ports);
  const challengeNow = await findChallenge(ports.db, challenge.id);
  expect(challengeNow).toEqual(first);
  expect(challengeNow?.status).toBe('published');
  const segments = JSON.parse(challengeNow?.video_segments ?? '') as { start_seconds: number; end_seconds: number }[];
  expect(segments.map((s) => Math.round((s.end_seconds - s.start_seconds) * 10) / 10)).toEqual([1.2, 1.3, 1.4]);
  const answer = await findAnswer(ports.db, challenge.id);
  expect(keepsCommitment(challengeNow?.commitment ?? '', 2, answer?.nonce ?? '')).toBe(true);
  const author = await ports.db.selectFrom('users').select('published_count').where('id', '=', challenge.author_id).executeTakeFirst();
  expect(author?.published_count).toBe(1);
  expect(await refs(ports)).toHaveLength(8);
  expect(await readdir(ports.folders.work)).toEqual([]);
  expect(await readdir(ports.folders.uploads)).toEqual([]);
});

test('without a lie it waits in ready; two calls of publish at once publish once', async () => {
  await using ports = await buildPorts();
  const challenge = await withClips(ports, { lie_index: null });
  const ask = { challenge_id: challenge.id, player_id: challenge.author_id };
  await checkAll(ports, challenge.id);
  await processChallenge(ask, ports);
  expect(await stateOf(ports, challenge.id)).toBe('merging');
  await mergeClips(runningJob('merge-clips', { challenge_id: challenge.id }), ports);
  expect(await stateOf(ports, challenge.id)).toBe('ready');
  await expect(publishNow({ ...ask, lie_index: undefined }, ports)).rejects.toMatchObject({ code: 'lie_missing' });
  await Promise.all([publishNow({ ...ask, lie_index: 1 }, ports), publishNow({ ...ask, lie_index: 1 }, ports)]);
  const { commitment } = (await findChallenge(ports.db, challenge.id)) ?? {};
  await publishNow({ ...ask, lie_index: 1 }, ports);
  await expect(publishNow({ ...ask, lie_index: 0 }, ports)).rejects.toMatchObject({ code: 'challenge_locked' });
  expect((await findChallenge(ports.db, challenge.id))?.commitment).toBe(commitment);
  const author = await ports.db.selectFrom('users').select('published_count').where('id', '=', challenge.author_id).executeTakeFirst();
  expect(author?.published_count).toBe(1);
});

test('what the author wants between the clips is merged in, and cannot be changed afterwards', async () => {
  await using ports = await buildPorts();
  const challenge = await withClips(ports, { lie_index: null });
  const ask = { challenge_id: challenge.id, player_id: challenge.author_id };
  const want = (transition: Transition) => editChallenge({ ...ask, text: { transition } }, ports);
  await want('card');
  await checkAll(ports, challenge.id);
  await processChallenge(ask, ports);
  await expect(want('none')).rejects.toMatchObject({ code: 'challenge_locked' });
  await mergeClips(runningJob('merge-clips', { challenge_id: challenge.id }), ports);
  const merged = await findChallenge(ports.db, challenge.id);
  const segments = JSON.parse(merged?.video_segments ?? '') as Segment[];
  expect(segments.slice(1).map((segment, index) => segment.start_seconds - (segments[index]?.end_seconds ?? 0))).toEqual([
    expect.closeTo(0.4, 3),
    expect.closeTo(0.4, 3),
  ]);
  await expect(want('fade')).rejects.toMatchObject({ code: 'challenge_locked' });
  await want('card');
  expect(await findChallenge(ports.db, challenge.id)).toMatchObject({ status: 'ready', transition: 'card' });
});

test('publishing needs terms and age; a refused call does not even set the lie', async () => {
  await using ports = await buildPorts();
  const year = new Date().getUTCFullYear();
  for (const [overrides, code] of [
    [{ terms_accepted_at: null }, 'terms_required'],
    [{ birth_year: null }, 'terms_required'],
    [{ birth_year: year - 12 }, 'too_young'],
  ] as const) {
    const author = await buildPlayer(ports, overrides);
    const { id } = await buildChallenge(ports, { author_id: author.id, status: 'ready', lie_index: null });
    await expect(publishNow({ challenge_id: id, player_id: author.id, lie_index: 0 }, ports)).rejects.toMatchObject({ code });
    expect(await findAnswer(ports.db, id)).toMatchObject({ lie_index: null, nonce: null });
  }
  const draft = await buildChallenge(ports, { status: 'draft' });
  await expect(publishNow({ challenge_id: draft.id, player_id: draft.author_id, lie_index: 0 }, ports)).rejects.toMatchObject({
    code: 'not_ready',
  });
});

test.each([
  ['empty.mp4', 'empty'],
  ['text.mp4', 'not_a_video'],
  ['truncated.mp4', 'incomplete'],
  ['no-moov.mp4', 'incomplete'],
  ['too-long.mp4', 'too_long'],
] as const)('%s is refused as %s; the challenge is a draft again and the clip can be replaced', async (name, reason) => {
  await using ports = await buildPorts();
  const challenge = await withClips(ports);
  const ask = { challenge_id: challenge.id, player_id: challenge.author_id };
  await receive(ports, challenge, name, 1);
  await processChallenge(ask, ports);
  await checkAll(ports, challenge.id);
  expect(await stateOf(ports, challenge.id)).toBe('draft');
  const clips = await listClips(ports.db, challenge.id);
  expect(clips.map((clip) => clip.status)).toEqual(['ready', 'refused', 'ready']);
  expect(JSON.parse(clips[1]?.reasons ?? '')).toEqual([reason]);
  await expect(processChallenge(ask, ports)).rejects.toMatchObject({ code: 'clip_refused', detail: 'Refused: segment_index 1.' });
  const events = await ports.events.read(challenge.id, 0, 100);
  expect(events.every((event) => event.audience === 'author')).toBe(true);
  expect(events.some(({ event }) => event.type === 'clip.changed' && event.clip.status === 'refused')).toBe(true);

  const again = await receive(ports, challenge, 'good-1.mp4');
  expect(again.segment_index).toBe(1);
  expect(await findClip(ports.db, clips[1]?.id ?? '')).toBeUndefined();
});

test('a clip that is not canonical is made so and kept beside its source', async () => {
  await using ports = await buildPorts();
  const challenge = await buildChallenge(ports);
  const { id } = await receive(ports, challenge, 'small.mp4');
  await checkClip(runningJob('check-clip', { clip_id: id }), ports);
  const clip = await findClip(ports.db, id);
  expect(clip).toMatchObject({ status: 'ready', width: 180, height: 320 });
  expect(clip?.canonical_hash).not.toBe(clip?.source_hash);
  expect(await ports.blobs.stat(clip?.canonical_hash ?? '')).not.toBeNull();
});

test('the same bytes at the same index are the same clip, others replace it', async () => {
  await using ports = await buildPorts();
  const challenge = await buildChallenge(ports);
  const first = await receive(ports, challenge, 'good-0.mp4', 2);
  const same = await receive(ports, challenge, 'good-0.mp4', 2);
  expect(same).toEqual(first);
  const other = await receive(ports, challenge, 'good-1.mp4', 2);
  expect(other.id).not.toBe(first.id);
  expect((await listClips(ports.db, challenge.id)).map((clip) => clip.id)).toEqual([other.id]);
  const live = (await refs(ports)).filter((owner) => !owner.startsWith('gone:'));
  expect(live).toEqual([`clip:${other.id}:source`]);
});

test('a clip recorded again in ready makes a draft of it, without the old video', async () => {
  await using ports = await buildPorts();
  const challenge = await buildChallenge(ports, { status: 'ready' });
  await receive(ports, challenge, 'good-0.mp4', 0);
  expect(await findChallenge(ports.db, challenge.id)).toMatchObject({
    status: 'draft',
    merged_video_url: null,
    poster_url: null,
    video_segments: '[]',
  });
  expect((await refs(ports)).filter((owner) => owner.startsWith('challenge:'))).toEqual([]);
});

test.each(['checking', 'merging', 'publishing', 'published', 'held', 'hidden', 'removed'] as const)(
  'no clip goes into a challenge in %s',
  async (status) => {
    await using ports = await buildPorts();
    const challenge = await buildChallenge(ports, { status });
    const code = status === 'removed' ? 'challenge_not_found' : 'challenge_locked';
    await expect(receive(ports, challenge, 'good-0.mp4', 0)).rejects.toMatchObject({ code });
    expect(await listClips(ports.db, challenge.id)).toEqual([]);
  },
);

test('nobody puts clips into a challenge of somebody else, or makes it', async () => {
  await using ports = await buildPorts();
  const { id } = await buildChallenge(ports);
  const stranger = await buildPlayer(ports);
  await expect(receive(ports, { id, author_id: stranger.id }, 'good-0.mp4')).rejects.toMatchObject({ code: 'challenge_not_found' });
  await expect(processChallenge({ challenge_id: id, player_id: stranger.id }, ports)).rejects.toMatchObject({
    code: 'challenge_not_found',
  });
});

test('process needs three clips', async () => {
  await using ports = await buildPorts();
  const challenge = await buildChallenge(ports);
  await receive(ports, challenge, 'good-0.mp4');
  await expect(processChallenge({ challenge_id: challenge.id, player_id: challenge.author_id }, ports)).rejects.toMatchObject({
    code: 'clips_missing',
  });
});

test('a clip replaced while it is being checked keeps nothing of the old check', async () => {
  await using ports = await buildPorts();
  const challenge = await buildChallenge(ports);
  const { id } = await receive(ports, challenge, 'small.mp4', 0);
  const media = await ports.media();
  const slow: Media = {
    ...media,
    async prepare(...args) {
      const result = await media.prepare(...args);
      await receive(ports, challenge, 'good-0.mp4', 0);
      return result;
    },
  };
  await checkClip(runningJob('check-clip', { clip_id: id }), { ...ports, media: async () => slow });
  const clips = await listClips(ports.db, challenge.id);
  expect(clips).toMatchObject([{ status: 'checking', canonical_hash: null }]);
  const live = (await refs(ports)).filter((owner) => !owner.startsWith('gone:'));
  expect(live).toEqual([`clip:${clips[0]?.id}:source`]);
});

test('a challenge deleted while it is being merged stays deleted, and nothing holds the new video', async () => {
  await using ports = await buildPorts();
  const challenge = await withClips(ports);
  await checkAll(ports, challenge.id);
  await processChallenge({ challenge_id: challenge.id, player_id: challenge.author_id }, ports);
  const media = await ports.media();
  const { deleteChallenge } = await import('./delete-challenge.ts');
  const slow: Media = {
    ...media,
    async poster(...args) {
      await media.poster(...args);
      await deleteChallenge({ challenge_id: challenge.id, player_id: challenge.author_id }, ports);
    },
  };
  await mergeClips(runningJob('merge-clips', { challenge_id: challenge.id }), { ...ports, media: async () => slow });
  expect(await findChallenge(ports.db, challenge.id)).toMatchObject({ status: 'removed', merged_video_url: null });
  expect((await refs(ports)).filter((owner) => !owner.startsWith('gone:'))).toEqual([]);
});
