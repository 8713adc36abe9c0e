import { expect, test } from 'vitest';
import { buildChallenge } from '../../test/factories.ts';
import { buildPorts } from '../../test/ports.ts';
import { beginUpload } from './begin-upload.ts';

test('uploads that are announced in the same moment get a place each', async () => {
  await using ports = await buildPorts();
  const { id, author_id } = await buildChallenge(ports);
  const delivery = { challenge_id: id, player_id: author_id, segment_index: null };
  const tus = { size: 10, metadata: {}, clip_id: null };
  await Promise.all(['a', 'b', 'c'].map((name) => beginUpload(name, delivery, tus, ports)));
  const rows = await ports.db.selectFrom('uploads').select('segment_index').orderBy('segment_index').execute();
  expect(rows.map((row) => row.segment_index)).toEqual([0, 1, 2]);
});

test('who keeps a hundred uploads cannot begin another, also not many at once', async () => {
  await using ports = await buildPorts();
  const { id, author_id } = await buildChallenge(ports);
  const delivery = { challenge_id: id, player_id: author_id, segment_index: 0 } as const;
  const tus = { size: 10, metadata: {}, clip_id: null };
  const begun = await Promise.allSettled(Array.from({ length: 102 }, (_, index) => beginUpload(`u${index}`, delivery, tus, ports)));
  const refused = begun.filter((one) => one.status === 'rejected').map((one) => one.reason);
  expect(refused).toEqual([expect.objectContaining({ code: 'too_many_requests' }), expect.objectContaining({ code: 'too_many_requests' })]);
  expect(await ports.db.selectFrom('uploads').select('id').execute()).toHaveLength(100);
});
