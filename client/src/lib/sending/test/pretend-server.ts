/** A server in memory that answers as the contract says, and fails when it is told to. */
import { Problem } from '@2t1l/contract/problems';
import type { Clip, OwnChallenge, PatchChallengeBody } from '@2t1l/contract/schemas';
import type { SegmentIndex } from '@2t1l/game/challenge';
import type { SenderPorts } from '../sender.ts';
import { buildChallenge, buildServerClip } from './build-draft.ts';

type Call = 'create' | 'send' | 'look' | 'patch' | 'process' | 'publish' | 'delete';

export interface PretendServer extends Pick<SenderPorts, 'api' | 'sendClip'> {
  calls: Call[];
  /** Idempotency keys, and `take@place` of every clip that arrived. */
  keys: string[];
  sent: string[];
  created: number;
  text: PatchChallengeBody;
  publishesByItself: boolean;
  failNext(call: Call, ...errors: Error[]): void;
  forgetClip(index: SegmentIndex): void;
}

const TAKES_MS = 10;

export function createPretendServer(): PretendServer {
  const errors = new Map<Call, Error[]>();
  const byKey = new Map<string, string>();
  let challenge = buildChallenge();
  let clipCount = 0;

  async function hear(call: Call): Promise<void> {
    server.calls.push(call);
    await new Promise((resolve) => setTimeout(resolve, TAKES_MS));
    const error = errors.get(call)?.shift();
    if (error !== undefined) {
      throw error;
    }
  }

  function change(overrides: Partial<OwnChallenge>): OwnChallenge {
    challenge = { ...challenge, ...overrides };
    return challenge;
  }

  function put(clip: Clip): void {
    change({ clips: [...challenge.clips.filter((other) => other.segment_index !== clip.segment_index), clip] });
  }

  const server: PretendServer = {
    calls: [],
    keys: [],
    sent: [],
    created: 0,
    text: {},
    publishesByItself: true,
    failNext: (call, ...next) => errors.set(call, [...(errors.get(call) ?? []), ...next]),
    forgetClip: (index) => change({ clips: challenge.clips.filter((clip) => clip.segment_index !== index) }),
    async sendClip({ clip, index, onProgress }) {
      await hear('send');
      onProgress(clip.size_bytes, '/u/1');
      server.sent.push(`${clip.take_id}@${index}`);
      clipCount += 1;
      put(buildServerClip({ id: `clip-${clipCount}`, segment_index: index, size_bytes: clip.size_bytes }));
      return `clip-${clipCount}`;
    },
    api: {
      async createChallenge(_input, options) {
        const key = options?.idempotencyKey ?? '';
        server.keys.push(key);
        await hear('create');
        if (!byKey.has(key)) {
          server.created += 1;
          byKey.set(key, `challenge-${server.created}`);
          challenge = buildChallenge({ id: `challenge-${server.created}` });
        }
        return challenge;
      },
      async challenge() {
        await hear('look');
        return challenge;
      },
      async patchChallenge({ body }) {
        await hear('patch');
        Object.assign(server.text, body);
        return change(body as Partial<OwnChallenge>);
      },
      async process() {
        await hear('process');
        if (challenge.clips.length < 3) {
          throw new Problem('clips_missing');
        }
        setTimeout(() => change({ status: server.publishesByItself ? 'published' : 'ready' }), 1000);
        return change({ status: 'processing' });
      },
      async publish() {
        await hear('publish');
        return change({ status: 'published' });
      },
      async deleteChallenge() {
        await hear('delete');
        return null;
      },
    },
  };
  return server;
}
