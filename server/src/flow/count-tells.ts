/** Keeps the record: how often the strongest signal lay on the lie. In batches, or the record itself would tell a new challenge's lie. */
import { RECORD_BATCH } from '@2t1l/game/tells';
import type { Ports } from '../ports.ts';
import { countTells, uncountedTells } from '../store/analyses.ts';
import { transact } from '../store/transact.ts';
import { DAY, timeAt } from './times.ts';

const BATCH_MAX = 500;

/** A part of the sweep. */
export async function recordTells(ports: Pick<Ports, 'db' | 'clock'>): Promise<void> {
  await transact(ports.db, async (tx) => {
    const batch = await uncountedTells(tx, timeAt(ports, -DAY), BATCH_MAX);
    if (batch.length >= RECORD_BATCH) {
      await countTells(tx, batch);
    }
  });
}
