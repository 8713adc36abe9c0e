import { RECORD_BATCH } from '@2t1l/game/tells';
import { expect, test } from 'vitest';
import { buildChallenge } from '../../test/factories.ts';
import { buildPorts } from '../../test/ports.ts';
import { findRecord } from '../store/analyses.ts';
import { transact } from '../store/transact.ts';
import { recordTells } from './count-tells.ts';
import { DAY } from './times.ts';

test('the record grows in batches: a single challenge never shows in it', async () => {
  await using shared = await buildPorts();
  const long = new Date(shared.clock.now() - 2 * DAY).toISOString();
  const count = async (strongest: 0 | 1) => {
    const { id, author_id } = await buildChallenge(shared, { status: 'published', published_at: long, lie_index: 1 });
    const row = { challenge_id: id, user_id: author_id, strongest_index: strongest, signals: '[[],[],[]]', counted: 0, created_at: long };
    await transact(shared.db, (tx) => tx.insertInto('challenge_tells').values(row).execute());
    await recordTells(shared);
    return await findRecord(shared.db);
  };
  for (let index = 1; index < RECORD_BATCH; index += 1) {
    expect(await count(index % 2 === 0 ? 0 : 1)).toBeUndefined();
  }
  expect(await count(0)).toMatchObject({ challenges: RECORD_BATCH, pointed: RECORD_BATCH / 2 });
  expect(await count(1)).toMatchObject({ challenges: RECORD_BATCH, pointed: RECORD_BATCH / 2 });
});
