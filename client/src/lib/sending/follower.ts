/** Hears what the server does with a draft's clips: by its events, and by asking while the stream is broken. */
import type { ChallengeEvent } from '@2t1l/contract/events';
import { codeOf } from '../api/problem.ts';
import type { Api } from '../api/types.ts';
import type { ListenOptions } from '../events.ts';
import { challengeActions } from './challenge-slice.ts';
import type { Draft } from './draft.ts';
import { needsFollowing } from './plan.ts';
import type { SenderStore } from './sender.ts';

/** Between two questions: without a stream, and beside one, in case it is silent without being closed. */
const ASK_MS = 2500;
const ASK_BESIDE_STREAM_MS = 15_000;

export interface FollowerPorts {
  api: Pick<Api, 'challenge'>;
  listen(id: string, options: ListenOptions): () => void;
  now(): number;
  getDrafts(): Draft[];
  dispatch: SenderStore['dispatch'];
}

export interface Follower {
  /** Begins and ends to follow, as the drafts now need it. */
  update(): void;
  stop(): void;
}

export function createFollower(ports: FollowerPorts): Follower {
  const followed = new Map<string, () => void>();
  return {
    update() {
      const wanted = new Map(ports.getDrafts().flatMap((draft) => entriesOf(draft)));
      for (const [challengeId, stop] of followed) {
        if (!wanted.has(challengeId)) {
          followed.delete(challengeId);
          stop();
        }
      }
      for (const [challengeId, id] of wanted) {
        if (!followed.has(challengeId)) {
          followed.set(challengeId, follow(id, challengeId, ports));
        }
      }
    },
    stop() {
      for (const stop of followed.values()) {
        stop();
      }
      followed.clear();
    },
  };
}

function entriesOf(draft: Draft): [string, string][] {
  return needsFollowing(draft) && draft.challenge_id !== null ? [[draft.challenge_id, draft.id]] : [];
}

function follow(id: string, challengeId: string, ports: FollowerPorts): () => void {
  let isOpen = false;
  let isAsking = false;
  let isStopped = false;
  let heardAt = 0;

  async function ask(): Promise<void> {
    if (isAsking || isStopped) {
      return;
    }
    isAsking = true;
    heardAt = ports.now();
    try {
      const challenge = await ports.api.challenge({ params: { id: challengeId } });
      if (isStopped) {
        return;
      }
      ports.dispatch(challenge.is_author ? challengeActions.challengeSeen({ id, challenge }) : challengeActions.challengeLost({ id }));
    } catch (error) {
      if (!isStopped && codeOf(error) === 'challenge_not_found') {
        ports.dispatch(challengeActions.challengeLost({ id }));
      }
    } finally {
      isAsking = false;
    }
  }

  function hear(event: ChallengeEvent): void {
    heardAt = ports.now();
    switch (event.type) {
      case 'clip.changed':
        ports.dispatch(challengeActions.clipSeen({ id, clip: event.clip }));
        return;
      case 'challenge.changed':
        // The status alone is not enough: a failure has a reason, a draft again has a refused clip.
        void ask();
        return;
      case 'step.progress':
        if (event.step === 'merge-clips') {
          ports.dispatch(challengeActions.mergeProgressed({ id, percent: event.percent }));
        }
    }
  }

  const stopListening = ports.listen(challengeId, {
    onEvent: hear,
    onOpen: (open) => {
      isOpen = open;
      // What happened before the stream was open is known by asking only.
      void ask();
    },
  });
  const timer = setInterval(() => {
    if (ports.now() - heardAt >= (isOpen ? ASK_BESIDE_STREAM_MS : ASK_MS)) {
      void ask();
    }
  }, ASK_MS);
  void ask();

  return () => {
    isStopped = true;
    stopListening();
    clearInterval(timer);
  };
}
