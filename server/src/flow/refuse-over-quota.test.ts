/** Quotas through the doors that ask for them. */
import { CLIP_MAX_BYTES, DRAFTS, GUEST_DRAFTS } from '@2t1l/game/limits';
import { expect, test } from 'vitest';
import { receivedFile } from '../../test/clips.ts';
import { buildChallenge, buildPlayer } from '../../test/factories.ts';
import { buildPorts, type TestPorts } from '../../test/ports.ts';
import { transact } from '../store/transact.ts';
import { updateTus } from '../store/uploads.ts';
import { beginUpload } from './begin-upload.ts';
import { deleteChallenge } from './delete-challenge.ts';
import { receiveClip } from './receive-clip.ts';
import { createChallenge } from './write-challenge.ts';

const KINDS = [
  ['player', DRAFTS],
  ['guest', GUEST_DRAFTS],
] as const;

test.each(KINDS)(
  'a %s has so many drafts at a time; one that is published, deleted or another player’s is none',
  async (role, { most }) => {
    await using ports = await buildPorts();
    const { id: player } = await buildPlayer(ports, { role });
    await buildChallenge(ports, { author_id: player, status: 'published' });
    const drafts: string[] = [];
    for (const status of ['failed', 'ready', 'merging', ...Array<'draft'>(most - 3).fill('draft')] as const) {
      drafts.push((await buildChallenge(ports, { author_id: player, status })).id);
    }
    await expect(createChallenge(player, {}, ports)).rejects.toMatchObject({ code: 'too_many_drafts', status: 409 });
    // The repetition of one that stands is no other one.
    expect(await createChallenge(player, {}, ports, drafts[0])).toBe(drafts[0]);
    await createChallenge((await buildPlayer(ports, { role })).id, {}, ports);
    await deleteChallenge({ challenge_id: drafts[0] ?? '', player_id: player }, ports);
    await createChallenge(player, {}, ports);
    await expect(createChallenge(player, {}, ports)).rejects.toMatchObject({ code: 'too_many_drafts' });
    const rows = await ports.db
      .selectFrom('challenges')
      .select('id')
      .where('user_id', '=', player)
      .where('status', '!=', 'removed')
      .execute();
    expect(rows).toHaveLength(most + 1);
  },
);

/** Announces an upload of `size` bytes. */
async function announce(ports: TestPorts, at: { challenge_id: string; player_id: string }, index: 0 | 1 | 2, size: number | null) {
  const id = ports.ids.next();
  await beginUpload(id, { ...at, segment_index: index }, { size, metadata: {}, clip_id: null }, ports);
  return id;
}

test.each(KINDS)(
  'the clips of a %s may have so many bytes until they are published, announced ones among them',
  async (role, { bytes }) => {
    await using ports = await buildPorts();
    const { id: player_id } = await buildPlayer(ports, { role });
    const at = { player_id, challenge_id: (await buildChallenge(ports, { author_id: player_id })).id };
    const other = { player_id, challenge_id: (await buildChallenge(ports, { author_id: player_id })).id };
    const small = await receiveClip({ ...at, segment_index: 0 }, await receivedFile('good-0.mp4', ports), ports);
    const setSize = (size_bytes: number) => ports.db.updateTable('clips').set({ size_bytes }).where('id', '=', small.id).execute();
    await setSize(bytes - 1000);
    await announce(ports, other, 0, 1000);
    await expect(announce(ports, other, 1, 1)).rejects.toMatchObject({ code: 'drafts_too_large', status: 409 });
    await expect(receiveClip({ ...other, segment_index: 1 }, await receivedFile('good-1.mp4', ports), ports)).rejects.toMatchObject({
      code: 'drafts_too_large',
    });
    // In the place of the large one there is room.
    await announce(ports, at, 0, bytes - 1000);
    expect(await ports.db.selectFrom('clips').select('id').execute()).toEqual([{ id: small.id }]);

    // Published, they are no draft's any more.
    await ports.db.deleteFrom('uploads').execute();
    await ports.db.updateTable('challenges').set({ status: 'published' }).where('id', '=', at.challenge_id).execute();
    await announce(ports, other, 1, bytes - CLIP_MAX_BYTES);
    // One whose length is said later counts as the largest.
    const deferred = await announce(ports, other, 2, null);
    await expect(announce(ports, other, 0, 1)).rejects.toMatchObject({ code: 'drafts_too_large' });
    // One that has become a clip counts as that clip.
    await transact(ports.db, (tx) => updateTus(tx, deferred, { size: 10, metadata: {}, clip_id: small.id }));
    await announce(ports, other, 0, 1);
  },
);
