/** The author takes a challenge away: at once for everybody, its files within the hour. */
import type { Ports } from '../ports.ts';
import { voidAnalysis } from '../store/analyses.ts';
import { deleteAnswer } from '../store/answers.ts';
import { heavyVideoOwner, posterOwner, videoOwner } from '../store/blob-refs.ts';
import { listClips } from '../store/clips.ts';
import { dropKeptAnswer } from '../store/old-rows.ts';
import { transact } from '../store/transact.ts';
import { uploadsOfChallenge } from '../store/uploads.ts';
import { countPublished } from '../store/users.ts';
import { forgetUpload } from './begin-upload.ts';
import { enter } from './flow.ts';
import { releaseBlob } from './keep-blob.ts';
import { findOwnChallenge } from './own-challenge.ts';
import { dropClip } from './receive-clip.ts';

/** What a removed challenge keeps of its texts. The title's column is not nullable. */
const NOTHING_LEFT = {
  title: '',
  prompt: null,
  story: null,
  statements: '[null,null,null]',
  video_segments: '[]',
  merged_video_url: null,
  poster_url: null,
  commitment: null,
  clips_until: null,
  heavy_until: null,
} as const;

/**
 * Texts (also in the kept answer to the request that made it), answer, clips and uploads go in one transaction; the sweep deletes the
 * blobs that nobody else needs. The row stays as a tombstone, and so do the guesses: they are the guessers' own record, which their
 * totals rest on, and hold nothing of the author. Throws `challenge_not_found`, also the second time.
 */
export async function deleteChallenge(
  ask: { challenge_id: string; player_id: string },
  ports: Pick<Ports, 'db' | 'jobs' | 'events' | 'clock' | 'ids'>,
): Promise<void> {
  await transact(ports.db, async (tx) => {
    const challenge = await findOwnChallenge(tx, ask.challenge_id, ask.player_id);
    for (const clip of await listClips(tx, challenge.id)) {
      await dropClip(tx, clip.id, ports);
    }
    for (const upload of await uploadsOfChallenge(tx, challenge.id)) {
      await forgetUpload(tx, upload.id, ports);
    }
    await releaseBlob(tx, videoOwner(challenge.id), ports);
    await releaseBlob(tx, heavyVideoOwner(challenge.id), ports);
    await releaseBlob(tx, posterOwner(challenge.id), ports);
    await deleteAnswer(tx, challenge.id);
    await voidAnalysis(tx, challenge.id);
    await dropKeptAnswer(tx, challenge.user_id, challenge.id);
    if (challenge.published_at !== null) {
      await countPublished(tx, challenge.user_id, -1);
    }
    await enter(tx, ports, challenge, 'removed', NOTHING_LEFT);
  });
}
