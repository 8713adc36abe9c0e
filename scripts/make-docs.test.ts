import { expect, test } from 'vitest';
import { apiPage } from './api-page.ts';
import { staleDocuments } from './make-docs.ts';

test('every link of the API page leads to one of its headings', () => {
  const page = apiPage();
  const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name.toLowerCase());
  const links = [...page.matchAll(/\]\(#(\w+)\)/g)].map(([, name]) => name);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((name = '') => !headings.includes(name))).toEqual([]);
});

test('the documents that are made from the code are fresh', async () => {
  expect(await staleDocuments()).toEqual([]);
});
