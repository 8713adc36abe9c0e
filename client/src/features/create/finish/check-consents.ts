/** Whether terms and age are complete, before anything is sent; the tells are free. The server decides about the age. */
export interface ConsentEntry {
  terms: boolean;
  birth_year: string;
  tells: boolean;
}

export type ConsentErrors = { terms?: 'terms_wrong'; birth_year?: 'birth_year_wrong' };

export interface CheckedConsents {
  errors: ConsentErrors;
  /** `tells` only where it was ticked: an empty box takes nothing back that was given elsewhere. */
  body: { terms: true; birth_year: number; tells?: true } | null;
}

const FIRST_YEAR = 1900;

export function checkConsents(entry: ConsentEntry, thisYear: number): CheckedConsents {
  const year = Number(entry.birth_year.trim());
  const isYear = Number.isInteger(year) && year >= FIRST_YEAR && year <= thisYear;
  const errors: ConsentErrors = { ...(entry.terms ? {} : { terms: 'terms_wrong' }), ...(isYear ? {} : { birth_year: 'birth_year_wrong' }) };
  return { errors, body: entry.terms && isYear ? { terms: true, birth_year: year, ...(entry.tells ? { tells: true } : {}) } : null };
}
