import { expect, test } from 'vitest';
import { staleDocuments } from './make-docs.ts';

test('the documents that are made from the code are fresh', async () => {
  expect(await staleDocuments()).toEqual([]);
});
