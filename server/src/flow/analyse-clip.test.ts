import type { Analysis as Answer } from '@2t1l/contract/analysis';
import { Problem } from '@2t1l/contract/problems';
import { SEGMENT_INDEXES } from '@2t1l/game/challenge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClipName, receivedFile } from '../../test/clips.ts';
import { countingModels } from '../../test/counting-models.ts';
import { buildChallenge, buildPlayer, runningJob } from '../../test/factories.ts';
import { buildPorts, type TestPorts } from '../../test/ports.ts';
import type { Ports } from '../ports.ts';
import { clipsWithoutModel } from '../store/analyses.ts';
import { transact } from '../store/transact.ts';
import { analyseClip, askForAnalysis, failAnalysis } from './analyse-clip.ts';
import { checkClip } from './check-clip.ts';
import { chooseTells, consentToTells } from './choose-tells.ts';
import { deleteChallenge } from './delete-challenge.ts';
import { readAnalysis } from './read-analysis.ts';
import { type Delivery, receiveClip } from './receive-clip.ts';
import { measureClips } from './sweep.ts';
import { DAY } from './times.ts';

const FILES = ['good-0.mp4', 'good-1.mp4', 'good-2.mp4'] as const satisfies readonly ClipName[];
const models = countingModels();
/** Its clips are neither checked nor read, which takes time; what is asked and kept is the same. */
let ports: TestPorts;
let real: TestPorts;
beforeAll(async () => {
  real = await buildPorts({ analysis: models.port });
  const unread = { sound: async () => null, frames: async function* () {} };
  ports = { ...real, media: async () => ({ ...(await real.media()), ...unread }) };
});
afterAll(async () => {
  await real[Symbol.asyncDispose]();
});

/** A draft with three ready clips; `tells` is the author's consent. */
async function checkedDraft(tells: 0 | 1, author = buildPlayer(ports, { tells })) {
  const { id: author_id } = await author;
  const challenge = await buildChallenge(ports, { author_id });
  const clips: string[] = [];
  for (const index of SEGMENT_INDEXES) {
    clips.push(await addClip({ challenge_id: challenge.id, player_id: author_id, segment_index: index }, ports));
  }
  return { id: challenge.id, author_id, clips };
}

async function addClip(delivery: Delivery & { segment_index: 0 | 1 | 2 }, world: Ports): Promise<string> {
  const { id } = await receiveClip(delivery, await receivedFile(FILES[delivery.segment_index], world), world);
  await transact(world.db, async (tx) => {
    await tx
      .updateTable('clips')
      .set((eb) => ({ status: 'ready', canonical_hash: eb.ref('source_hash') }))
      .where('id', '=', id)
      .execute();
    await askForAnalysis(tx, id, world);
  });
  return id;
}
type Draft = Awaited<ReturnType<typeof checkedDraft>>;

async function drafts(author: ReturnType<typeof buildPlayer>): Promise<[Draft, Draft, Draft]> {
  return [await checkedDraft(1, author), await checkedDraft(1, author), await checkedDraft(1, author)];
}

const read = ({ id, author_id }: Draft): Promise<Answer> => readAnalysis({ challenge_id: id, player_id: author_id }, ports);
const statuses = (answer: Answer) => answer.emotion_analysis.segments.map(({ status }) => status);
const analyse = async ({ clips }: Draft) => {
  for (const clip_id of clips) {
    await analyseClip(runningJob('analyse-clip', { clip_id }), ports);
  }
};
const jobsOf = async ({ clips }: Draft) => {
  const rows = await ports.db.selectFrom('jobs').select('payload').where('kind', '=', 'analyse-clip').execute();
  return rows.filter(({ payload }) => clips.some((id) => payload.includes(id))).length;
};
const rowsOf = async ({ id }: Draft) => {
  const clips = await ports.db.selectFrom('clip_analyses').select('clip_id').where('challenge_id', '=', id).execute();
  const tells = await ports.db.selectFrom('challenge_tells').select('challenge_id').where('challenge_id', '=', id).execute();
  const { ai_analysis } = await ports.db.selectFrom('challenges').select('ai_analysis').where('id', '=', id).executeTakeFirstOrThrow();
  return { clips: clips.length, tells: tells.length, kept: ai_analysis !== null };
};

describe('with consent', () => {
  test('a clip that passes its check asks for its analysis, which reads all of it', async () => {
    const { id: player_id } = await buildPlayer(real, { tells: 1 });
    const { id: challenge_id } = await buildChallenge(real, { author_id: player_id });
    const { id } = await receiveClip({ challenge_id, player_id, segment_index: 0 }, await receivedFile('good-0.mp4', real), real);
    await checkClip(runningJob('check-clip', { clip_id: id }), real);
    const draft = { id: challenge_id, author_id: player_id, clips: [id] };
    expect(await jobsOf(draft)).toBe(1);
    expect((await read(draft)).status).toBe('pending');
    const before = models.seen.length;
    await analyseClip(runningJob('analyse-clip', { clip_id: id }), real);
    expect(await read(draft)).toMatchObject({ status: 'running', tells: null });
    expect(models.seen[before]?.size_bytes).toBeGreaterThan(10_000);
  });

  test('the third clip completes the analysis', async () => {
    const draft = await checkedDraft(1);
    expect(await jobsOf(draft)).toBe(3);
    await analyse({ ...draft, clips: draft.clips.slice(0, 2) });
    expect(await read(draft)).toMatchObject({ status: 'running', tells: null });
    await analyse(draft);
    const answer = await read(draft);
    expect(answer).toMatchObject({ status: 'completed', tells: { strongest: { segment_index: 1 }, record: null } });
    expect(statuses(answer)).toEqual(['completed', 'completed', 'completed']);
  });

  test('the same file of the same person is measured once; running twice changes nothing', async () => {
    const author = buildPlayer(ports, { tells: 1 });
    const first = await checkedDraft(1, author);
    await analyse(first);
    const before = models.seen.length;
    await analyse(first);
    const second = await checkedDraft(1, author);
    await analyse(second);
    expect(models.seen.length).toBe(before);
    expect((await read(second)).status).toBe('completed');
    expect(await rowsOf(second)).toEqual({ clips: 3, tells: 1, kept: true });
  });

  test('it is compared with what is still kept of the same person’s other challenges', async () => {
    const author = buildPlayer(ports, { tells: 1 });
    const [stranger, first, second, third] = [await checkedDraft(1), ...(await drafts(author))];
    const comparedWith = async (draft: Draft) => {
      await analyse(draft);
      return models.earlierClips.at(-1);
    };
    await analyse(stranger);
    expect(await comparedWith(first)).toEqual([]);
    expect(await comparedWith(second)).toEqual([3]);
    await chooseTells({ challenge_id: first.id, player_id: first.author_id, segments: [true, false, true] }, ports);
    expect((await comparedWith(third))?.toSorted()).toEqual([2, 3]);
  });

  test('only the author and those who have guessed may look', async () => {
    const draft = await checkedDraft(1);
    const stranger = await buildPlayer(ports);
    await expect(readAnalysis({ challenge_id: draft.id, player_id: stranger.id }, ports)).rejects.toMatchObject({
      code: 'challenge_not_found',
    });
    const published = await buildChallenge(ports, { status: 'published' });
    await expect(readAnalysis({ challenge_id: published.id, player_id: stranger.id }, ports)).rejects.toMatchObject({
      code: 'guess_first',
    });
  });

  test('a clip that is given up last is failed, and the others are combined without it', async () => {
    const draft = await checkedDraft(1);
    await analyse({ ...draft, clips: draft.clips.slice(0, 2) });
    await ports.db.deleteFrom('jobs').execute();
    await transact(ports.db, (tx) => failAnalysis(tx, draft.clips[2] ?? '', new Error('broke'), ports));
    expect(await jobsOf(draft)).toBe(1);
    const before = models.seen.length;
    await analyse({ ...draft, clips: draft.clips.slice(2) });
    expect(models.seen.length).toBe(before);
    const answer = await read(draft);
    expect(statuses(answer)).toEqual(['completed', 'completed', 'failed']);
    expect(answer).toMatchObject({ status: 'completed', tells: { strongest: { segment_index: 1 } } });
    await ports.db.deleteFrom('jobs').execute();
    await transact(ports.db, (tx) => failAnalysis(tx, draft.clips[2] ?? '', new Error('broke'), ports));
    expect(await jobsOf(draft)).toBe(0);
  });
});

describe('in control', () => {
  test('while a clip is tried again, what the others say together stands', async () => {
    const draft = await checkedDraft(1);
    const [first = '', ...others] = draft.clips;
    await ports.db.deleteFrom('jobs').execute();
    await transact(ports.db, (tx) => failAnalysis(tx, first, new Problem('busy', { retry_after_seconds: 1 }), ports));
    await analyse({ ...draft, clips: [...others, first] });
    const answer = await read(draft);
    expect([answer.status, statuses(answer), answer.tells === null]).toEqual(['completed', ['failed', 'completed', 'completed'], false]);
    await measureClips(ports);
    expect(await read(draft)).toEqual(answer);
    expect(await jobsOf(draft)).toBe(1);
    await analyse(draft);
    expect(statuses(await read(draft))).toEqual(['completed', 'completed', 'completed']);
  });

  test('without consent nothing is asked for and nothing is kept, and the analysis is complete', async () => {
    const draft = await checkedDraft(0);
    expect(await jobsOf(draft)).toBe(0);
    await analyse(draft);
    const answer = await read(draft);
    expect(answer).toMatchObject({ status: 'completed', tells: null });
    expect(statuses(answer)).toEqual(['declined', 'declined', 'declined']);
    expect(await rowsOf(draft)).toEqual({ clips: 0, tells: 0, kept: false });
  });

  test('off for one clip: deleted, and the others are combined anew; on again: measured again', async () => {
    const draft = await checkedDraft(1);
    await analyse(draft);
    await chooseTells({ challenge_id: draft.id, player_id: draft.author_id, segments: [true, false, true] }, ports);
    expect(await rowsOf(draft)).toEqual({ clips: 2, tells: 0, kept: false });
    expect(await read(draft)).toMatchObject({ status: 'running', tells: null });
    await analyse(draft);
    const answer = await read(draft);
    expect(statuses(answer)).toEqual(['completed', 'declined', 'completed']);
    expect(answer.tells?.segments[1]?.signals[0]?.value).toBeNull();
    await chooseTells({ challenge_id: draft.id, player_id: draft.author_id, segments: [true, true, true] }, ports);
    await analyse(draft);
    expect(statuses(await read(draft))).toEqual(['completed', 'completed', 'completed']);
  });

  test('off for a clip that is not checked yet: it is declined at once, and the others do not wait for it', async () => {
    const { id: author_id } = await buildPlayer(ports, { tells: 1 });
    const { id } = await buildChallenge(ports, { author_id });
    await chooseTells({ challenge_id: id, player_id: author_id, segments: [true, false, true] }, ports);
    expect(statuses(await read({ id, author_id, clips: [] }))).toEqual(['pending', 'declined', 'pending']);
    const one = await addClip({ challenge_id: id, player_id: author_id, segment_index: 0 }, ports);
    const three = await addClip({ challenge_id: id, player_id: author_id, segment_index: 2 }, ports);
    await analyse({ id, author_id, clips: [one, three] });
    const answer = await read({ id, author_id, clips: [] });
    expect(statuses(answer)).toEqual(['completed', 'declined', 'completed']);
    expect(answer).toMatchObject({ status: 'completed', tells: { strongest: { segment_index: 1 } } });
  });

  test('consent withdrawn: everything measured is gone; given again: asked for anew', async () => {
    const draft = await checkedDraft(1);
    await analyse(draft);
    const setTells = (tells: 0 | 1) =>
      transact(ports.db, async (tx) => {
        await tx.updateTable('users').set({ tells }).where('id', '=', draft.author_id).execute();
        await consentToTells(tx, draft.author_id, tells === 1, ports);
      });
    await setTells(0);
    expect(await rowsOf(draft)).toEqual({ clips: 0, tells: 0, kept: false });
    expect(statuses(await read(draft))).toEqual(['declined', 'declined', 'declined']);
    await ports.db.deleteFrom('jobs').where('kind', '=', 'analyse-clip').execute();
    await setTells(1);
    expect(await jobsOf(draft)).toBe(3);
  });

  test('off and on again while the job looks: it looks once more, because nobody else will', async () => {
    const draft = await checkedDraft(1);
    const [clip_id = ''] = draft.clips;
    const choose = (first: boolean) =>
      chooseTells({ challenge_id: draft.id, player_id: draft.author_id, segments: [first, true, true] }, ports);
    const run = (meanwhile: () => Promise<void>) =>
      analyseClip(runningJob('analyse-clip', { clip_id }), { ...ports, db: late(ports.db, meanwhile) });
    await choose(false);
    await expect(run(() => choose(true))).rejects.toMatchObject({ code: 'busy' });
    await analyse(draft);
    const offAndOn = async () => {
      await choose(false);
      await choose(true);
    };
    await expect(run(offAndOn)).rejects.toMatchObject({ code: 'busy' });
    await analyse(draft);
    expect(statuses(await read(draft))).toEqual(['completed', 'completed', 'completed']);
  });

  test('a clip recorded again, and a challenge deleted, take their analysis with them', async () => {
    const draft = await checkedDraft(1);
    await analyse(draft);
    await receiveClip(
      { challenge_id: draft.id, player_id: draft.author_id, segment_index: 0 },
      await receivedFile('small.mp4', ports),
      ports,
    );
    expect(await rowsOf(draft)).toEqual({ clips: 2, tells: 0, kept: false });
    await deleteChallenge({ challenge_id: draft.id, player_id: draft.author_id }, ports);
    expect(await rowsOf(draft)).toEqual({ clips: 0, tells: 0, kept: false });
  });
});

/** The database, where something else is committed just before its transactions begin. */
function late(db: Ports['db'], meanwhile: () => Promise<void>): Ports['db'] {
  const begin = () => {
    const real = db.transaction();
    return {
      execute: async (work: Parameters<typeof real.execute>[0]) => {
        await meanwhile();
        return await real.execute(work);
      },
    };
  };
  return new Proxy(db, {
    get: (target, name) => {
      const value: unknown = name === 'transaction' ? begin : Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('what is combined anew after the clips are let go is not counted a second time', async () => {
  const draft = await checkedDraft(1);
  await analyse(draft);
  const long = new Date(ports.clock.now() - 2 * DAY).toISOString();
  await ports.db
    .updateTable('challenges')
    .set({ status: 'published', published_at: long, clips_until: null })
    .where('id', '=', draft.id)
    .execute();
  await ports.db.updateTable('challenge_tells').set({ counted: 1 }).where('challenge_id', '=', draft.id).execute();
  await chooseTells({ challenge_id: draft.id, player_id: draft.author_id, segments: [true, true, false] }, ports);
  await analyse(draft);
  const row = await ports.db.selectFrom('challenge_tells').select('counted').where('challenge_id', '=', draft.id).executeTakeFirst();
  expect(row).toEqual({ counted: 1 });
});

describe('without models', () => {
  /** Ports whose models come and go; a draft with three ready clips, of which those of `lost` were looked at while there were none. */
  async function setting() {
    let isThere = false;
    const bare = await buildPorts({ analysis: async () => (isThere ? models.port() : null) });
    const world = { ...bare, media: ports.media };
    const author = await buildPlayer(bare, { tells: 1 });
    const { id } = await buildChallenge(bare, { author_id: author.id });
    const clips: string[] = [];
    for (const segment_index of SEGMENT_INDEXES) {
      clips.push(await addClip({ challenge_id: id, player_id: author.id, segment_index }, world));
    }
    const run = async () => {
      await bare.db.deleteFrom('jobs').execute();
      for (const clip_id of clips) {
        await analyseClip(runningJob('analyse-clip', { clip_id }), world);
      }
    };
    const status = async () => (await readAnalysis({ challenge_id: id, player_id: author.id }, bare)).status;
    const jobs = async () => (await bare.db.selectFrom('jobs').select('kind').where('kind', '=', 'analyse-clip').execute()).length;
    return { bare, world, id, clips, run, status, jobs, toggle: (there: boolean) => (isThere = there) };
  }

  test('the segments are failed and the game goes on; once they are back, the sweep has them measured', async () => {
    const { bare, world, run, status, jobs, toggle } = await setting();
    await using _ = bare;
    await run();
    expect(await status()).toBe('failed');
    await measureClips(world);
    expect([await jobs(), await status()]).toEqual([0, 'failed']);
    toggle(true);
    await measureClips(world);
    expect([await jobs(), await status()]).toEqual([3, 'pending']);
    await run();
    expect(await status()).toBe('completed');
    await measureClips(world);
    expect([await jobs(), await status()]).toEqual([0, 'completed']);
  });

  test('what was given up, or whose file is gone by then, is not tried again', async () => {
    const { bare, world, id, clips, run, status, jobs, toggle } = await setting();
    await using _ = bare;
    await transact(bare.db, (tx) => failAnalysis(tx, clips[0] ?? '', new Error('broke'), bare));
    await run();
    await bare.db
      .updateTable('challenges')
      .set({ published_at: new Date().toISOString(), clips_until: null })
      .where('id', '=', id)
      .execute();
    toggle(true);
    await measureClips(world);
    expect([await jobs(), await status()]).toEqual([0, 'failed']);
    expect(await clipsWithoutModel(bare.db, 9)).toEqual([]);
  });
});
