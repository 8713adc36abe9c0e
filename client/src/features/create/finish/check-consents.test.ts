import { expect, test } from '@jest/globals';
import { checkConsents } from './check-consents.ts';

test.each<[boolean, string, string[]]>([
  [true, '1990', []],
  [true, ' 1990 ', []],
  [false, '1990', ['terms']],
  [true, '', ['birth_year']],
  [true, '90', ['birth_year']],
  [true, '2027', ['birth_year']],
  [false, 'x', ['birth_year', 'terms']],
])('terms %s, year "%s": wrong is %j', (terms, birth_year, wrong) => {
  const { errors, body } = checkConsents({ terms, birth_year, tells: false }, 2026);
  expect(Object.keys(errors).sort()).toEqual(wrong);
  expect(body).toEqual(wrong.length === 0 ? { terms: true, birth_year: 1990 } : null);
});

test('tells go along where they are ticked, and are never needed', () => {
  const entry = { terms: true, birth_year: '1990', tells: true };
  expect(checkConsents(entry, 2026).body).toEqual({ terms: true, birth_year: 1990, tells: true });
});
