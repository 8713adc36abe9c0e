/** What a player agreed to: the terms, their age, and whether tells may be measured. */
import type { Answer, Call } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import { AGE_MIN_YEARS } from '@2t1l/game/limits';
import { consentToTells } from '../flow/choose-tells.ts';
import type { Ports } from '../ports.ts';
import type { UserRow } from '../store/tables.ts';
import { transact } from '../store/transact.ts';

type ConsentColumns = Pick<UserRow, 'terms_accepted_at' | 'birth_year' | 'tells'>;
type Asked = Call<'putConsents'>['body'];

/** Writes what was answered and leaves the rest. Throws `too_young`; the year is not kept then. */
export async function putConsents(
  playerId: string,
  asked: Asked,
  ports: Pick<Ports, 'db' | 'jobs' | 'clock'>,
): Promise<Answer<'putConsents'>> {
  return transact(ports.db, async (tx) => {
    const before = await tx
      .selectFrom('users')
      .select(['terms_accepted_at', 'birth_year', 'tells'])
      .where('id', '=', playerId)
      .executeTakeFirstOrThrow();
    const after = { ...before, ...consentColumns(asked, before.terms_accepted_at, ports) };
    await tx
      .updateTable('users')
      .set({ ...after, updated_at: new Date(ports.clock.now()).toISOString() })
      .where('id', '=', playerId)
      .execute();
    if (after.tells !== before.tells) {
      await consentToTells(tx, playerId, after.tells === 1, ports);
    }
    return consentsOf(after);
  });
}

/** The columns that the answers change; terms accepted before keep their date. Throws `too_young`. */
export function consentColumns(asked: Asked, acceptedAt: string | null, { clock }: Pick<Ports, 'clock'>): Partial<ConsentColumns> {
  const now = new Date(clock.now());
  if (asked.birth_year !== undefined && now.getUTCFullYear() - asked.birth_year < AGE_MIN_YEARS) {
    throw new Problem('too_young');
  }
  return {
    ...(asked.terms === undefined ? {} : { terms_accepted_at: asked.terms ? (acceptedAt ?? now.toISOString()) : null }),
    ...(asked.birth_year === undefined ? {} : { birth_year: asked.birth_year }),
    ...(asked.tells === undefined ? {} : { tells: asked.tells ? 1 : 0 }),
  };
}

/** The columns as the wire shows them. */
export function consentsOf(row: ConsentColumns): Answer<'putConsents'> {
  return { terms_accepted_at: row.terms_accepted_at, birth_year: row.birth_year, tells: row.tells === 1 };
}
