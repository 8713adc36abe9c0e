import { type RegisterBody, RegisterBody as RegisterSchema } from '@2t1l/contract/schemas';
import { AGE_MIN_YEARS } from '@2t1l/game/limits';

export interface AccountEntry {
  email: string;
  username: string;
  password: string;
  birth_year: string;
  terms: boolean;
}

export type EntryErrors = Partial<
  Record<keyof AccountEntry, 'email_wrong' | 'username_wrong' | 'password_wrong' | 'birth_year_wrong' | 'birth_year_young' | 'terms_wrong'>
>;

export type Checked = { ok: true; body: RegisterBody } | { ok: false; errors: EntryErrors };

/** Says what is wrong before anything is sent; the contract's own schema decides. */
export function checkAccount(entry: AccountEntry, thisYear: number): Checked {
  const birthYear = Number(entry.birth_year);
  const body = {
    email: entry.email.trim(),
    username: entry.username.trim(),
    password: entry.password,
    birth_year: birthYear,
    terms: entry.terms,
  };
  const errors: EntryErrors = {};
  const result = RegisterSchema.safeParse(body);
  for (const issue of result.error?.issues ?? []) {
    const field = issue.path[0];
    if (field === 'email' || field === 'username' || field === 'password' || field === 'birth_year') {
      errors[field] = `${field}_wrong`;
    }
  }
  if (!/^\d{4}$/.test(entry.birth_year.trim()) || birthYear > thisYear) {
    errors.birth_year = 'birth_year_wrong';
  } else if (thisYear - birthYear < AGE_MIN_YEARS) {
    errors.birth_year = 'birth_year_young';
  }
  if (!entry.terms) {
    errors.terms = 'terms_wrong';
  }
  return result.success && Object.keys(errors).length === 0 ? { ok: true, body } : { ok: false, errors };
}
