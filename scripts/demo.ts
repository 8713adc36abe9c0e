/**
 * Fills a running server with demo players, their challenges and guesses, by its public doors only: `npm run demo -- [address]`.
 * Clips are drawn here, so ffmpeg is needed on this machine too.
 */
import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { API_PREFIX } from '@2t1l/contract/endpoints';
import type { GuessAnswer, OwnChallenge, Tokens } from '@2t1l/contract/schemas';
import { findTools, type Tools } from '@2t1l/media/ffmpeg';
import { drawScene, type Voice } from '@2t1l/media/scenes';

interface Story {
  prompt: string;
  statements: readonly [string, string, string];
  lie_index: 0 | 1 | 2;
  story: string;
  voice: Voice;
}

const STORIES: readonly Story[] = [
  {
    prompt: 'Food that is not what it says',
    statements: [
      'Botanists count bananas among the berries.',
      'Honey goes bad after ten years.',
      'Carrots were purple long before they were orange.',
    ],
    lie_index: 1,
    story: 'Honey keeps for centuries. A banana is a berry, and orange carrots came late.',
    voice: 'kal',
  },
  {
    prompt: 'Small countries, big facts',
    statements: ['Monaco is smaller than Central Park.', 'Vatican City has a radio station of its own.', 'Liechtenstein lies at the sea.'],
    lie_index: 2,
    story: 'Liechtenstein is even surrounded by countries that have no sea either. Monaco has 2.1 square kilometres, Central Park 3.4.',
    voice: 'slt',
  },
];
const GUESSERS = 6;
const PATIENCE_MS = 180_000;

const { positionals } = parseArgs({ allowPositionals: true });
const origin = positionals[0] ?? 'http://localhost:8000';

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const tools = await findTools(process.env.FFMPEG_PATH);
  if (tools === null) {
    throw new Error('ffmpeg was not found; install it or set FFMPEG_PATH');
  }
  const folder = await mkdtemp(join(tmpdir(), '2t1l-demo-'));
  try {
    const challenges: OwnChallenge[] = [];
    for (const [number, story] of STORIES.entries()) {
      challenges.push(await publish(story, { tools, folder, figure: number + 1 }));
    }
    await guessAll(challenges);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A new player tells a story; back when it is published. */
async function publish(story: Story, drawing: { tools: Tools; folder: string; figure: number }): Promise<OwnChallenge> {
  const { access_token: token, player } = await register();
  const { voice, ...text } = story;
  const { id } = await call<OwnChallenge>('POST', '/challenges', { token, body: { ...text, title: story.prompt } });
  for (const [index, line] of story.statements.entries()) {
    const clip = join(drawing.folder, `${index}.mp4`);
    await drawScene(clip, { tools: drawing.tools, lines: [line], voice, scene: drawing.figure, caption: false });
    const form = new FormData();
    form.append('segment_index', String(index));
    form.append('video', await openAsBlob(clip), 'clip.mp4');
    await call('POST', `/challenges/${id}/upload`, { token, form });
  }
  await call('POST', `/challenges/${id}/process`, { token });
  const challenge = await untilPublished(id, token);
  console.log(`${player.username} published "${challenge.title}"`);
  return challenge;
}

async function untilPublished(id: string, token: string): Promise<OwnChallenge> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    const challenge = await call<OwnChallenge>('GET', `/challenges/${id}`, { token });
    if (challenge.status === 'published') {
      return challenge;
    }
    if (challenge.status !== 'processing') {
      const refused = challenge.clips.flatMap((clip) => clip.reasons).join(', ');
      throw new Error(`the challenge became ${challenge.status}: ${challenge.failure?.reason ?? refused}`);
    }
    await sleep(500);
  }
  throw new Error('the challenge is not published yet; does a worker run?');
}

async function guessAll(challenges: readonly OwnChallenge[]): Promise<void> {
  for (let number = 0; number < GUESSERS; number++) {
    const { access_token: token, player } = await register();
    let total = 0;
    for (const { id } of challenges) {
      const body = { guess: Math.floor(Math.random() * 3), confidence: 1 / 3 + Math.random() * (2 / 3) };
      total += (await call<GuessAnswer>('POST', `/challenges/${id}/guesses`, { token, body })).score;
    }
    console.log(`${player.username} guessed ${challenges.length} challenges and scored ${total}`);
  }
}

async function register(): Promise<Tokens> {
  const username = `demo-${randomBytes(4).toString('hex')}`;
  const body = { username, email: `${username}@example.com`, password: randomBytes(12).toString('hex'), terms: true, birth_year: 1990 };
  return call<Tokens>('POST', '/auth/register', { body });
}

interface Call {
  token?: string;
  body?: unknown;
  form?: FormData;
}

async function call<T>(method: string, path: string, { token, body, form }: Call = {}): Promise<T> {
  const answer = await fetch(origin + API_PREFIX + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? (form === undefined ? {} : { body: form }) : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Error(`No server answers at ${origin}; start one with npm start, or name its address`, { cause });
  });
  if (!answer.ok) {
    throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  }
  return (await answer.json()) as T;
}
