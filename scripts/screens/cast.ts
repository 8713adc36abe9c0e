/** The players and challenges in the pictures of docs/screens. Made by the public doors; a second call adds what is missing. */
import { join } from 'node:path';
import type { Tokens } from '@2t1l/contract/schemas';
import { drawScene } from '@2t1l/media/scenes';
import { type Api, makeApi } from '../../e2e/harness/api.ts';
import { makeChallenge, settled } from '../../e2e/harness/challenges.ts';
import { clipMaker } from '../../e2e/harness/clips.ts';
import { uploadClip } from '../../e2e/harness/multipart.ts';
import { PASSWORD, WILLING } from '../../e2e/harness/players.ts';
import { FFMPEG, FFPROBE } from '../../e2e/harness/run.ts';
import { makeThreeStatements } from '../../e2e/harness/speaking-clips.ts';
import { until } from '../../e2e/harness/until.ts';

/** Ids of challenges. */
export interface Cast {
  /** Guessed by several. */
  main: string;
  /** By the house. */
  house: string;
  /** With tells, measured. */
  tells: string;
  /** Of maya's: its second clip is refused. */
  refused: string;
}

export const AUTHOR = 'maya.k';
/** Has made nothing yet. */
export const NEWCOMER = 'noa';
/** Has guessed everything. */
export const DETECTOR = 'ada';
export const STATEMENTS = ['I have been to fifteen countries', 'My first car was a fire engine', 'I can hold my breath for three minutes'];
export const STORY = 'The car was a mail van. The uncle is real, though, and he still wants his dollar.';
const MAIN = 'A job, a car, a deep breath';
const TITLES = [
  'Things I did before breakfast',
  'Small town, tall tales',
  'My grandmother and the circus',
  'Three jobs in one summer',
  'What the cat brought home',
  'Lost in Lisbon',
  'I once met a king',
  'Kitchen disasters',
  'The night train to Warsaw',
  'Talents nobody asked for',
  'School, briefly',
  'Two left feet',
  'The loudest neighbour',
  'Under the sea',
  'A very short marriage',
  'Postcards I never sent',
  'How I lost a tooth',
];
const HOUSE_CHALLENGES = 3;
const SLOW_MS = 600_000;

/** Fills the server at `origin`; clips are drawn in `folder`. */
export async function makeCast(origin: string, folder: string): Promise<Cast> {
  const nobody = makeApi(origin);
  const maya = await enter(nobody, AUTHOR);
  await enter(nobody, NEWCOMER);
  const clips = await drawnClips(folder);
  for (const [number, title] of TITLES.entries()) {
    await publish(maya, clips, { title, lie_index: (number % 3) as 0 | 1 | 2, statements: STATEMENTS, story: STORY });
  }
  const tells = await withTells(nobody, folder);
  await until(async () => (await feedOf(nobody)).length >= HOUSE_CHALLENGES, { what: 'the house', timeoutMs: SLOW_MS, everyMs: 1000 });
  const main = await publish(maya, clips, { title: MAIN, lie_index: 1, statements: STATEMENTS, story: STORY });
  const refused = await withRefused(maya, clips, folder);
  await guessAll(nobody, main);
  const houseId = (await feedOf(await guestOf(nobody))).find(({ author }) => author.is_house)?.id;
  return { main, tells, refused, house: houseId ?? main };
}

type Body = Parameters<typeof makeChallenge>[2];

/** The author's challenge of that title, made where it is not there. */
async function publish(author: Api, clips: readonly string[], body: Body & { title: string }): Promise<string> {
  const found = await ownId(author, body.title);
  return found ?? (await makeChallenge(author, clips, body)).id;
}

/** One that failed is not counted. */
async function ownId(author: Api, title: string): Promise<string | undefined> {
  const { items } = await author.call('myChallenges', { query: { limit: 50 } });
  return items.find((item) => item.title === title && item.failure === null)?.id;
}

async function enter(nobody: Api, username: string): Promise<Api> {
  const email = `${username}@example.com`;
  const body = { email, password: PASSWORD };
  const answer = await nobody.fetch('/api/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const tokens = answer.ok ? ((await answer.json()) as Tokens) : await nobody.call('register', { body: { ...WILLING, ...body, username } });
  return nobody.as(tokens.access_token);
}

const guestOf = async (nobody: Api) => nobody.as((await nobody.call('guest')).access_token);
const feedOf = async (api: Api) => (await api.call('feed', { query: { limit: 50 } })).items;

function drawnClips(folder: string): Promise<string[]> {
  const tools = { ffmpeg: FFMPEG, ffprobe: FFPROBE };
  return Promise.all(
    STATEMENTS.map(async (line, index) => {
      const path = join(folder, `maya-${index}.mp4`);
      await drawScene(path, { tools, lines: [line], voice: 'slt', scene: 1, caption: false });
      return path;
    }),
  );
}

/** By link only: its author's face is a photograph that is not ours to show. */
async function withTells(nobody: Api, folder: string): Promise<string> {
  const mira = await enter(nobody, 'mira');
  await mira.call('putConsents', { body: { tells: true } });
  const body = { title: 'Where I have been', lie_index: 2, statements: STATEMENTS, story: STORY, audience: 'link' } as const;
  const id = (await ownId(mira, body.title)) ?? (await makeChallenge(mira, await makeThreeStatements(folder), body)).id;
  const isMeasured = async () => (await mira.call('analysis', { params: { id } })).status === 'completed';
  await until(isMeasured, { what: 'the tells', timeoutMs: SLOW_MS, everyMs: 1000 });
  return id;
}

async function withRefused(author: Api, clips: readonly string[], folder: string): Promise<string> {
  const title = 'My summer as a lifeguard';
  const found = await ownId(author, title);
  if (found !== undefined) {
    return found;
  }
  const { id } = await author.call('createChallenge', { body: { title, statements: STATEMENTS } });
  await uploadClip(author, id, clips[0] ?? '', 0);
  await uploadClip(author, id, await clipMaker(folder).make('silent', { seconds: 0.3 }), 1);
  await settled(author, id).catch(() => null);
  return id;
}

/** How sure the detector is, in turn: often right when sure. */
const SURE = [0.45, 0.85, 0.6, 0.95, 0.7, 0.5];

async function guessAll(nobody: Api, main: string): Promise<void> {
  const ada = await enter(nobody, DETECTOR);
  let number = 0;
  for (let rest = await feedOf(ada); rest.length > 0; rest = await feedOf(ada)) {
    for (const { id, title } of rest) {
      number += 1;
      const at = TITLES.indexOf(title ?? '');
      const lie = at === -1 ? 1 : at % 3;
      const confidence = SURE[number % SURE.length] ?? 0.5;
      await ada.call('guess', { params: { id }, body: { guess: ((number % 4 === 0 ? lie + 1 : lie) % 3) as 0, confidence } });
    }
  }
  const { items } = await nobody.call('feed', { query: { limit: 50 } });
  if ((items.find(({ id }) => id === main)?.guess_count ?? 0) > 1) {
    return;
  }
  for (const guess of [1, 0, 1, 2, 1, 1, 0] as const) {
    await (await guestOf(nobody)).call('guess', { params: { id: main }, body: { guess, confidence: 0.6 } });
  }
}
