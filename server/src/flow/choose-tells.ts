/** The recorded person is in control: tells are on or off for them, and off for a single clip. Off deletes what was measured. */
import { Problem } from '@2t1l/contract/problems';
import type { Ports, Tx } from '../ports.ts';
import { deleteAnalysesOf, deleteClipAnalysis, measurableClips, voidAnalysis } from '../store/analyses.ts';
import { updateChallenge } from '../store/challenges.ts';
import { listClips } from '../store/clips.ts';
import { transact } from '../store/transact.ts';
import { areClipsGone, askForAnalysis, choicesOf } from './analyse-clip.ts';
import { findOwnChallenge } from './own-challenge.ts';

/** Clips that are measured when somebody turns tells on: their newest drafts and challenges. */
const CLIPS_MEASURED_AFTERWARDS = 30;

/** In the transaction that writes the person's consent. */
export async function consentToTells(tx: Tx, playerId: string, allowed: boolean, ports: Pick<Ports, 'jobs'>): Promise<void> {
  if (!allowed) {
    await deleteAnalysesOf(tx, playerId);
    return;
  }
  for (const clip of await measurableClips(tx, playerId, CLIPS_MEASURED_AFTERWARDS)) {
    await askForAnalysis(tx, clip.id, ports);
  }
}

/**
 * The author's choice for each clip of a challenge, at any time. Throws `challenge_not_found`, and `challenge_locked` where a clip is to be
 * measured whose file is not kept any more.
 */
export async function chooseTells(
  ask: { challenge_id: string; player_id: string; segments: readonly boolean[] },
  ports: Pick<Ports, 'db' | 'jobs'>,
): Promise<void> {
  await transact(ports.db, async (tx) => {
    const challenge = await findOwnChallenge(tx, ask.challenge_id, ask.player_id);
    const before = choicesOf(challenge);
    const changed = ask.segments.map((allowed, index) => allowed !== before[index]);
    if (!changed.includes(true)) {
      return;
    }
    if (areClipsGone(challenge) && ask.segments.some((allowed, index) => allowed && changed[index])) {
      throw new Problem('challenge_locked', { detail: 'The clips’ own files are not kept any more; nothing can be measured in them.' });
    }
    await updateChallenge(tx, challenge.id, { tell_choices: JSON.stringify(ask.segments) });
    await voidAnalysis(tx, challenge.id);
    for (const clip of await listClips(tx, challenge.id)) {
      if (ask.segments[clip.segment_index] !== true) {
        await deleteClipAnalysis(tx, clip.id);
      } else {
        await askForAnalysis(tx, clip.id, ports);
      }
    }
  });
}
