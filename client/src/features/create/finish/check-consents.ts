/** Whether terms and age are complete, before anything is sent. The server decides about the age. */
export interface ConsentEntry {
  terms: boolean;
  birth_year: string;
}

export type ConsentErrors = { terms?: 'terms_wrong'; birth_year?: 'birth_year_wrong' };

export interface CheckedConsents {
  errors: ConsentErrors;
  body: { terms: true; birth_year: number } | null;
}

const FIRST_YEAR = 1900;

export function checkConsents(entry: ConsentEntry, thisYear: number): CheckedConsents {
  const year = Number(entry.birth_year.trim());
  const isYear = Number.isInteger(year) && year >= FIRST_YEAR && year <= thisYear;
  const errors: ConsentErrors = { ...(entry.terms ? {} : { terms: 'terms_wrong' }), ...(isYear ? {} : { birth_year: 'birth_year_wrong' }) };
  return { errors, body: entry.terms && isYear ? { terms: true, birth_year: year } : null };
}
