/** The analysis for the author, and for a player whose guess is stored; nobody else. */
import { Problem } from '@2t1l/contract/problems';
import { mayReveal, viewFor } from '@2t1l/game/view';
import type { Ports } from '../ports.ts';
import { allowsTells, analysedAt, findAnalysis, findRecord, listClipAnalyses } from '../store/analyses.ts';
import { findChallenge } from '../store/challenges.ts';
import { listClips } from '../store/clips.ts';
import { loadFacts } from '../store/facts.ts';
import { measuredSegments, presentAnalysis } from '../store/present-analysis.ts';
import { choicesOf } from './analyse-clip.ts';

const CACHE_SECONDS = 3600;
type Answer = ReturnType<typeof presentAnalysis>;

/** Throws `challenge_not_found` and `guess_first`. */
export async function readAnalysis(ask: { challenge_id: string; player_id: string }, ports: Pick<Ports, 'db' | 'cache'>): Promise<Answer> {
  const facts = await loadFacts(ports.db, ask.challenge_id, ask.player_id);
  const viewer = { player_id: ask.player_id, has_guessed: facts?.has_guessed ?? false };
  if (facts === null || viewFor(facts, viewer) === null) {
    throw new Problem('challenge_not_found');
  }
  if (!mayReveal(facts, viewer)) {
    throw new Problem('guess_first');
  }
  const finished = await readFinished(ask.challenge_id, ports);
  return finished === null ? await readUnfinished(ask.challenge_id, ports) : await withRecord(finished, ports);
}

/** The finished analysis never changes but by being written anew: the time of that is part of the key. */
async function readFinished(challengeId: string, { db, cache }: Pick<Ports, 'db' | 'cache'>): Promise<Answer | null> {
  const written = await analysedAt(db, challengeId);
  if (written === null) {
    return null;
  }
  const key = `analysis:${challengeId}:${written}`;
  const cached = await cache.get(key);
  const json = cached ?? (await findAnalysis(db, challengeId));
  if (json !== null && cached === null) {
    await cache.set(key, json, CACHE_SECONDS);
  }
  return json === null ? null : (JSON.parse(json) as Answer);
}

async function readUnfinished(challengeId: string, { db }: Pick<Ports, 'db'>): Promise<Answer> {
  const challenge = await findChallenge(db, challengeId);
  if (challenge === undefined) {
    throw new Problem('challenge_not_found');
  }
  const may = { person: await allowsTells(db, challenge.user_id), choices: choicesOf(challenge) };
  const segments = measuredSegments(await listClips(db, challengeId), await listClipAnalyses(db, challengeId), may);
  return presentAnalysis(segments);
}

async function withRecord(answer: Answer, { db }: Pick<Ports, 'db'>): Promise<Answer> {
  const record = await findRecord(db);
  if (record === undefined || answer.tells === null) {
    return answer;
  }
  const { challenges, pointed, guesses, correct } = record;
  return { ...answer, tells: { ...answer.tells, record: { challenges, pointed, crowd_share: guesses === 0 ? null : correct / guesses } } };
}
