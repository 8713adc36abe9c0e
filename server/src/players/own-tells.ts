/** What a player's signals do when they lie, over their own published challenges: for them alone, with intervals, from 20 challenges on. */
import type { OwnTells } from '@2t1l/contract/analysis';
import { meanInterval, OWN_TELLS_MIN } from '@2t1l/game/tells';
import type { Ports } from '../ports.ts';
import { ownTells } from '../store/analyses.ts';

/** Only the newest count: people change, and so do cameras. */
const CHALLENGES_MAX = 200;

export async function myTells(playerId: string, { db }: Pick<Ports, 'db'>): Promise<OwnTells> {
  const rows = await ownTells(db, playerId, CHALLENGES_MAX);
  if (rows.length < OWN_TELLS_MIN) {
    return { challenges: rows.length, needed: OWN_TELLS_MIN, signals: [] };
  }
  const differences = new Map<string, { unit: string; values: number[] }>();
  for (const { lie_index, signals } of rows) {
    for (const { name, unit, difference } of signals[lie_index] ?? []) {
      if (difference !== null) {
        const known = differences.get(name) ?? { unit, values: [] };
        known.values.push(difference);
        differences.set(name, known);
      }
    }
  }
  const signals = [...differences].flatMap(([name, { unit, values }]) => {
    const summary = values.length < OWN_TELLS_MIN ? null : meanInterval(values);
    return summary === null ? [] : [{ name, unit, ...summary, challenges: values.length }];
  });
  const clearness = ({ mean, interval }: { mean: number; interval: readonly [number, number] }) =>
    Math.abs(mean) / Math.max(interval[1] - interval[0], Number.MIN_VALUE);
  return { challenges: rows.length, needed: OWN_TELLS_MIN, signals: signals.sort((a, b) => clearness(b) - clearness(a)) };
}
