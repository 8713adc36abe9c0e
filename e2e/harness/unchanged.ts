import { expect } from 'vitest';
import type { Api } from './api.ts';
import { filesIn } from './data-folder.ts';
import type { Server } from './server.ts';
import { until } from './until.ts';

const CLEANED_MS = 5000;

/** Runs `work` and holds that afterwards nothing is different: not what the authors see, not a file in the data folder. */
export async function expectNothingChanged<T>(server: Server, authors: readonly Api[], work: () => Promise<T>): Promise<T> {
  const before = await Promise.all(authors.map(allOf));
  const files = await filesIn(server.dataDir);
  const result = await work();
  expect(await Promise.all(authors.map(allOf))).toEqual(before);
  const wanted = JSON.stringify(files);
  // Temporary files of a refused request go when its stream has been torn down, a moment after the answer.
  await until(async () => JSON.stringify(await filesIn(server.dataDir)) === wanted, {
    what: 'no leftover files',
    timeoutMs: CLEANED_MS,
  }).catch(async () => expect(await filesIn(server.dataDir)).toEqual(files));
  return result;
}

/** Everything that a player sees of their own. */
async function allOf(player: Api) {
  const { items } = await player.call('myChallenges', { query: { limit: 50 } });
  return { me: await player.call('me'), items };
}
