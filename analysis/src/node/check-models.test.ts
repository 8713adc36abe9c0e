import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkModels, sumModels } from './check-models.ts';

test('the committed models are whole, and SHA256SUMS is fresh (npm run train writes it)', async () => {
  await expect(checkModels()).resolves.toMatch(/^models-[0-9a-f]{12}$/);
});

test('a damaged or missing file is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'models-'));
  try {
    await cp(join(import.meta.dirname, '../../models'), folder, { recursive: true });
    await truncate(join(folder, 'face/mesh.bin'), 1000);
    await expect(checkModels(folder)).rejects.toThrow('face/mesh.bin');
    await sumModels(folder);
    await expect(checkModels(folder)).resolves.not.toBe(await checkModels());
    await rm(join(folder, 'expression/net.json'));
    await expect(checkModels(folder)).rejects.toThrow('expression/net.json');
  } finally {
    await rm(folder, { recursive: true });
  }
});
