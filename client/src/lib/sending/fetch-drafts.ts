/** Drafts that were begun on another device: the server has their texts and the state of their clips. */
import { PAGE_MAX } from '@2t1l/game/limits';
import type { Api } from '../api/types.ts';
import { challengeActions } from './challenge-slice.ts';
import type { SenderStore } from './sender.ts';

/** Reads the player's newest challenges; a draft that is older than all of one page is found when it is opened. Throws what the call throws. */
export async function fetchDrafts({ api, dispatch }: { api: Pick<Api, 'myChallenges'>; dispatch: SenderStore['dispatch'] }): Promise<void> {
  const { items, next_cursor } = await api.myChallenges({ query: { limit: PAGE_MAX } });
  dispatch(challengeActions.serverDraftsSeen({ challenges: items, is_complete: next_cursor === null }));
}
