import type { CreateChallengeBody, OwnChallenge } from '@2t1l/contract/schemas';
import type { Api } from './api.ts';
import { uploadClip } from './multipart.ts';
import { until } from './until.ts';

const MERGE_MS = 60_000;

/** A challenge with three clips, brought as far as its lie lets it go: `published` with one, else `ready`. */
export async function makeChallenge(author: Api, clips: readonly string[], body: CreateChallengeBody = {}): Promise<OwnChallenge> {
  const { id } = await author.call('createChallenge', { body: { title: 'Test Challenge', ...body } });
  for (const path of clips) {
    await uploadClip(author, id, path);
  }
  await author.call('process', { params: { id } });
  return settled(author, id);
}

/** Waits until the server has done what it can by itself; anything but `ready` or `published` throws. */
export async function settled(author: Api, id: string): Promise<OwnChallenge> {
  const challenge = await until(
    async () => {
      const seen = await ownChallenge(author, id);
      return seen.status !== 'processing' && seen;
    },
    { what: `challenge ${id} to be merged`, timeoutMs: MERGE_MS },
  );
  if (challenge.status !== 'ready' && challenge.status !== 'published') {
    throw new Error(`challenge ${id} is ${challenge.status}: ${JSON.stringify(challenge)}`);
  }
  return challenge;
}

/** Waits until no clip is on its way. */
export async function clipsChecked(author: Api, id: string): Promise<OwnChallenge> {
  return until(
    async () => {
      const seen = await ownChallenge(author, id);
      return seen.clips.every(({ status }) => status === 'ready' || status === 'refused') && seen;
    },
    { what: `the clips of ${id} to be checked`, timeoutMs: MERGE_MS },
  );
}

export async function ownChallenge(author: Api, id: string): Promise<OwnChallenge> {
  const challenge = await author.call('challenge', { params: { id } });
  if (!challenge.is_author) {
    throw new Error(`${id} is not the author’s own`);
  }
  return challenge;
}
