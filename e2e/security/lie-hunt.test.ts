/**
 * Three challenges that differ in the lie alone. Whoever has not guessed asks everything there is to ask, and must not be able to tell
 * them apart; nor may anything of the answer stand in what they get.
 */
import type { OwnChallenge } from '@2t1l/contract/schemas';
import type { SegmentIndex } from '@2t1l/game/challenge';
import { beforeAll, describe, expect, test } from 'vitest';
import { closeAfterAll } from '../harness/after.ts';
import { type Api, makeApi } from '../harness/api.ts';
import { makeChallenge } from '../harness/challenges.ts';
import { clipMaker } from '../harness/clips.ts';
import { guestPlayer, type Player, registerPlayer } from '../harness/players.ts';
import { type Answered, addressOf, answerOf, type Route, routesOf } from '../harness/routes.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';

/** In an order that is neither that of the lies nor its reverse, so that a list sorted by the lie shows. */
const LIES: SegmentIndex[] = [1, 2, 0];
const STORY = 'The aquarium never happened, whatever my sister says.';
const NO_ID = '01890000-0000-7000-8000-000000000000';
const DRAFT_TITLE = 'A draft nobody may know of';
const SECRET_KEYS = /^(lie|lie_index|nonce|story|crowd|shares|picks(_\d)?|own|emotion_analysis|voice_analysis|strongest)$/;
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];
/** Bodies that no route takes for a guess, each wrong in its own way. */
const BODIES = ['{}', '{"guess":3}', '{"guess":"0"}', '{"lie_index":0}', '{"lie_index":1}', 'nonsense'];

const scratch = await makeScratch();
let server: Server;
let author: Player;
let challenges: OwnChallenge[];
let draft: OwnChallenge;
let routes: Route[];
let viewers: [string, Api][];
const heard: { what: string; answer: Answered }[] = [];

beforeAll(async () => {
  const clips = await clipMaker(scratch.path).three();
  server = await startServer();
  const nobody = makeApi(server.origin);
  author = await registerPlayer(nobody, { tells: true });
  challenges = [];
  for (const lie_index of LIES) {
    const statements = ['I met a bear', 'I own a boat', 'I can juggle'];
    challenges.push(await makeChallenge(author.api, clips, { title: 'Three things', statements, story: STORY, lie_index }));
  }
  draft = await makeChallenge(author.api, clips, { title: DRAFT_TITLE, story: STORY });
  for (const { id } of challenges) {
    await until(async () => (await author.api.call('analysis', { params: { id } })).status === 'completed', {
      what: 'the analysis',
      timeoutMs: 120_000,
    });
  }
  routes = await routesOf(nobody);
  viewers = [
    ['nobody', nobody],
    ['a guest', (await guestPlayer(nobody)).api],
    ['a player', (await registerPlayer(nobody)).api],
  ];
});
closeAfterAll(() => [server, scratch]);

/** What may rightly differ between two challenges, by name: ids, times, the commitment, signatures. */
function levelled(text: string): string {
  return (
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replace(/"commitment":"[0-9a-f]{64}"/g, '"commitment":"<commitment>"')
      .replace(/data-commitment="[0-9a-f]{64}"/g, 'data-commitment="<commitment>"')
      .replace(/urn:2t1l:request:[\w-]+/g, '<request>')
      .replace(/^id: \d+$/gm, 'id: <event>')
      // a stream's heartbeat comes by the clock
      .replace(/^: ?\n\n/gm, '')
      .replace(/([?&](?:amp;)?(?:exp|sig)=)[\w-]+/g, '$1<signed>')
  );
}

function level({ status, headers, text }: Answered): Answered {
  // An entity tag is a digest of the body, ids included; a request's number may have one digit more than the last one's.
  const { etag, 'last-modified': modified, 'content-length': length, ...others } = headers;
  const isNumbered = text.includes('urn:2t1l:request:');
  return {
    status,
    headers: {
      ...others,
      ...(length === undefined || isNumbered ? {} : { 'content-length': length }),
      ...(etag === undefined ? {} : { etag: '<tag>' }),
      ...(modified === undefined ? {} : { 'last-modified': '<time>' }),
    },
    text: levelled(text),
  };
}

async function ask(api: Api, what: string, path: string, init?: RequestInit): Promise<Answered> {
  const answer = await answerOf(api, path, init);
  heard.push({ what, answer });
  return answer;
}

/** The three challenges’ answers to the same question, which must be one. */
async function askAll(api: Api, what: string, question: (challenge: OwnChallenge) => [path: string, init?: RequestInit]): Promise<void> {
  const answers = await Promise.all(challenges.map(async (challenge) => level(await ask(api, what, ...question(challenge)))));
  expect(answers[1], what).toEqual(answers[0]);
  expect(answers[2], what).toEqual(answers[0]);
}

describe('before the guess', () => {
  test('the three differ in the lie and in nothing else, and the hunter can see that where it is shown', async () => {
    expect(challenges.map(({ status, lie_index }) => [status, lie_index])).toEqual(LIES.map((lie) => ['published', lie]));
    const seen = [];
    for (const { id } of challenges) {
      seen.push(level(await answerOf(author.api, `/api/v1/challenges/${id}`)).text);
    }
    expect(new Set(seen).size).toBe(3);
    expect(secretsIn(seen[0] ?? '')).toContain('lie_index');
  });

  test('every GET route', async () => {
    const looking = routes.filter(({ method }) => method === 'GET');
    expect(looking.length).toBeGreaterThan(5);
    expect(looking.map(({ path }) => path)).toContain('/api/v1/challenges/{id}');
    for (const [who, api] of viewers) {
      for (const route of looking) {
        for (const accept of ['application/json', 'text/event-stream']) {
          const what = `${who}: GET ${route.path} as ${accept}`;
          await askAll(api, what, ({ id }) => [
            addressOf(route, { id, username: author.username, hash: hashOf(id) }),
            { headers: { accept, 'last-event-id': '0' } },
          ]);
        }
      }
    }
  });

  test('errors of every route that changes something', async () => {
    const changing = routes.filter(({ method, path }) => WRITES.includes(method) && path.includes('{id}'));
    expect(changing.length).toBeGreaterThan(3);
    for (const [who, api] of viewers) {
      for (const route of changing) {
        for (const body of route.method === 'DELETE' ? [undefined] : [undefined, ...BODIES]) {
          const init = { method: route.method, ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }) };
          await askAll(api, `${who}: ${route.method} ${route.path} ${body}`, ({ id }) => [addressOf(route, { id }), init]);
        }
      }
    }
  });

  test('video and poster, whole and in parts, with their headers', async () => {
    const [, guest] = viewers[1] ?? [];
    expect(guest).toBeDefined();
    for (const kind of ['video_url', 'poster_url'] as const) {
      const urls = new Map<string, string>();
      for (const { id } of challenges) {
        urls.set(id, (await (guest as Api).call('challenge', { params: { id } }))[kind] ?? '');
      }
      for (const headers of [{}, { range: 'bytes=0-999' }, { range: 'bytes=-500' }, { range: 'bytes=99999999-' }]) {
        await askAll(guest as Api, `${kind} ${JSON.stringify(headers)}`, ({ id }) => [urls.get(id) ?? '', { headers }]);
      }
    }
  });

  test('the feed’s order follows the time of publishing, not the lie', async () => {
    for (const [who, api] of viewers) {
      const { items } = await api.call('feed', { query: {} });
      const order = items.map((item) => LIES[challenges.findIndex(({ id }) => id === item.id)]);
      expect([LIES, LIES.toReversed()], who).toContainEqual(order);
    }
  });

  test('the page of a challenge', async () => {
    // Compressed, its length would follow the ids in it.
    const headers = { 'accept-encoding': 'identity' };
    for (const [who, api] of viewers) {
      await askAll(api, `${who}: the page`, ({ id }) => [`/c/${id}`, { headers }]);
      await askAll(api, `${who}: the app’s page`, ({ id }) => [`/c/${id}?app`, { headers }]);
      await askAll(api, `${who}: the answer for a script`, ({ id }) => [`/c/${id}/answer`, { headers }]);
      for (const body of ['', 'guess=3', 'guess=0&percent=1', 'lie=1', 'percent=67']) {
        const init = { method: 'POST', body, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } };
        await askAll(api, `${who}: the form ${body}`, ({ id }) => [`/c/${id}/guess`, init]);
      }
    }
    for (const lang of ['en', 'de']) {
      await askAll(makeApi(server.origin), `the card, ${lang}`, ({ id }) => [`/c/${id}/card.png?lang=${lang}`]);
    }
    const shown = heard.filter(({ what }) => what.endsWith(': the page') || what.startsWith('the card'));
    expect(new Set(shown.map(({ answer }) => answer.status))).toEqual(new Set([200]));
  });
});

describe('a draft', () => {
  test('no route shows it, or anything of it, to others', async () => {
    const clipIds = draft.clips.map(({ id }) => id);
    for (const [who, api] of viewers) {
      for (const route of routes) {
        const isSafe = route.method === 'GET' || route.path.includes('{id}');
        if (!isSafe) {
          continue;
        }
        const init = {
          method: route.method,
          ...(WRITES.includes(route.method) ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}),
        };
        const values = { username: author.username, hash: '0'.repeat(64) };
        const unknown = level(await answerOf(api, addressOf(route, { id: NO_ID, ...values }), init));
        for (const id of [draft.id, ...clipIds]) {
          const what = `${who}: ${route.method} ${route.path} of a draft`;
          const answer = await ask(api, what, addressOf(route, { id, ...values }), init);
          expect(answer.status < 400 && route.path.includes('{id}'), `${what}: ${answer.status} ${answer.text}`).toBe(false);
          expect(level(answer), `${what} is as one that never was`).toEqual(unknown);
        }
      }
      for (const path of ['', '?app', '/card.png', '/answer']) {
        const page = async (id: string) => level(await ask(api, `${who}: /c/{id}${path} of a draft`, `/c/${id}${path}`));
        expect(await page(draft.id), path).toEqual(await page(NO_ID));
      }
    }
  });
});

describe('all that was heard', () => {
  test('no field of it is one of the answer’s', () => {
    expect(heard.length).toBeGreaterThan(100);
    const found = heard
      .filter(({ answer }) => answer.headers['content-type']?.includes('json'))
      .flatMap(({ what, answer }) => secretsIn(answer.text).map((key) => `${what}: ${key}`));
    expect(found).toEqual([]);
  });

  test('no story, draft, clip or address of the author stands in it', () => {
    const clipIds = [...challenges, draft].flatMap(({ clips }) => clips.map(({ id }) => id));
    const found = heard.flatMap(({ what, answer }) =>
      [STORY, DRAFT_TITLE, author.email ?? '-', ...clipIds]
        .filter((text) => answer.text.includes(text) && !isEcho(answer, text))
        .map((text) => `${what}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  test('nor the nonces, which the reveal gives afterwards', async () => {
    const detector = await guestPlayer(makeApi(server.origin));
    for (const [index, { id }] of challenges.entries()) {
      const { reveal } = await detector.api.call('guess', { params: { id }, body: { guess: 0 } });
      expect(reveal.lie_index).toBe(LIES[index]);
      expect(secretsIn(JSON.stringify(reveal))).toEqual(expect.arrayContaining(['lie_index', 'nonce', 'story', 'crowd']));
      const leaks = heard.filter(({ answer }) => `${JSON.stringify(answer.headers)}${answer.text}`.includes(reveal.nonce));
      expect(leaks.map(({ what }) => what)).toEqual([]);
    }
  });
});

/** Names of secret fields anywhere in a JSON text. */
function secretsIn(text: string): string[] {
  const found: string[] = [];
  try {
    JSON.parse(text, (key, value: unknown) => {
      if (SECRET_KEYS.test(key)) {
        found.push(key);
      }
      return value;
    });
  } catch {
    // Not JSON: nothing has a name.
  }
  return found;
}

/** A problem names the address that was asked for. */
function isEcho({ text }: Answered, secret: string): boolean {
  try {
    const { instance } = JSON.parse(text) as { instance?: string };
    return instance?.includes(secret) === true;
  } catch {
    return false;
  }
}

function hashOf(id: string): string {
  return /\/blobs\/([0-9a-f]{64})/.exec(challenges.find((challenge) => challenge.id === id)?.video_url ?? '')?.[1] ?? '';
}
