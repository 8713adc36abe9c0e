/** The analysis for the author, and for a player whose guess is stored; nobody else. */
import { Problem } from '@2t1l/contract/problems';
import { mayReveal, viewFor } from '@2t1l/game/view';
import type { Ports } from '../ports.ts';
import { allowsTells, findAnalysis, findRecord, isWorkedOn, listClipAnalyses } from '../store/analyses.ts';
import { findChallenge } from '../store/challenges.ts';
import { listClips } from '../store/clips.ts';
import { loadFacts } from '../store/facts.ts';
import { measuredSegments, presentAnalysis } from '../store/present-analysis.ts';
import { analyseKey, choicesOf } from './analyse-clip.ts';

type Answer = ReturnType<typeof presentAnalysis>;

/** Throws `challenge_not_found` and `guess_first`. Nothing of it is kept in a cache, where it would outlive the consent. */
export async function readAnalysis(ask: { challenge_id: string; player_id: string }, ports: Pick<Ports, 'db'>): Promise<Answer> {
  const facts = await loadFacts(ports.db, ask.challenge_id, ask.player_id);
  const viewer = { player_id: ask.player_id, has_guessed: facts?.has_guessed ?? false };
  if (facts === null || viewFor(facts, viewer) === null) {
    throw new Problem('challenge_not_found');
  }
  if (!mayReveal(facts, viewer)) {
    throw new Problem('guess_first');
  }
  const finished = await findAnalysis(ports.db, ask.challenge_id);
  return finished === null ? await readUnfinished(ask.challenge_id, ports) : await withRecord(JSON.parse(finished) as Answer, ports);
}

async function readUnfinished(challengeId: string, { db }: Pick<Ports, 'db'>): Promise<Answer> {
  const challenge = await findChallenge(db, challengeId);
  if (challenge === undefined) {
    throw new Problem('challenge_not_found');
  }
  const may = { person: await allowsTells(db, challenge.user_id), choices: choicesOf(challenge) };
  const clips = await listClips(db, challengeId);
  const segments = measuredSegments(clips, await listClipAnalyses(db, challengeId), may);
  const answer = presentAnalysis(segments);
  // one was turned off, say: what the others say is combined anew
  const isUnderWay =
    segments.some(({ status }) => status === 'done') &&
    (await isWorkedOn(
      db,
      clips.map(({ id }) => analyseKey(id)),
    ));
  return isUnderWay ? { ...answer, status: 'running' } : answer;
}

async function withRecord(answer: Answer, { db }: Pick<Ports, 'db'>): Promise<Answer> {
  const record = await findRecord(db);
  if (record === undefined || answer.tells === null) {
    return answer;
  }
  const { challenges, pointed, guesses, correct } = record;
  return { ...answer, tells: { ...answer.tells, record: { challenges, pointed, crowd_share: guesses === 0 ? null : correct / guesses } } };
}
