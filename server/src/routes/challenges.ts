/** Challenges: begin, look at, list, change, make, publish, delete. */
import { endpoints } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import type { Challenge, OwnChallenge } from '@2t1l/contract/schemas';
import { viewFor } from '@2t1l/game/view';
import { chooseTells } from '../flow/choose-tells.ts';
import { deleteChallenge } from '../flow/delete-challenge.ts';
import { processChallenge } from '../flow/process-challenge.ts';
import { publishNow } from '../flow/publish-challenge.ts';
import { readAnalysis } from '../flow/read-analysis.ts';
import { rememberLook } from '../flow/take-guess.ts';
import { createChallenge, editChallenge } from '../flow/write-challenge.ts';
import type { Ports } from '../ports.ts';
import { loadFacts } from '../store/facts.ts';
import { feedPage, ownPage } from '../store/feed.ts';
import { present, presentOwn, presentPublic } from '../store/present.ts';
import { repeatableId } from './idempotency.ts';
import { type App, mount } from './route.ts';

export function challengeRoutes(app: App, ports: Ports): void {
  mount(app, endpoints.createChallenge, async ({ body, player, request }) =>
    own(await createChallenge(player.id, body, ports, repeatableId(request)), player.id, ports),
  );

  mount(app, endpoints.feed, async ({ query, player }) => {
    const page = await feedPage(player?.id ?? null, query, ports);
    const viewer = { player_id: player?.id ?? null, has_guessed: false };
    const views = page.items.map((facts) => viewFor(facts, viewer)).filter((view) => view !== null);
    return { items: views.map((view) => presentPublic(view, ports)), next_cursor: page.next_cursor };
  });

  mount(app, endpoints.challenge, async ({ params, player }) => {
    const challenge = await viewChallenge(params.id, player?.id ?? null, ports);
    if (player !== null && !challenge.is_author && !challenge.has_guessed) {
      await rememberLook(params.id, player.id, ports);
    }
    return challenge;
  });

  mount(app, endpoints.patchChallenge, async ({ params, body, player }) => {
    await editChallenge({ challenge_id: params.id, player_id: player.id, text: body }, ports);
    return own(params.id, player.id, ports);
  });

  mount(app, endpoints.deleteChallenge, async ({ params, player }) => {
    await deleteChallenge({ challenge_id: params.id, player_id: player.id }, ports);
    return null;
  });

  mount(app, endpoints.process, async ({ params, player }) => {
    await processChallenge({ challenge_id: params.id, player_id: player.id }, ports);
    return own(params.id, player.id, ports);
  });

  mount(app, endpoints.publish, async ({ params, body, player }) => {
    await publishNow({ challenge_id: params.id, player_id: player.id, lie_index: body.lie_index }, ports);
    return own(params.id, player.id, ports);
  });

  mount(app, endpoints.analysis, ({ params, player }) => readAnalysis({ challenge_id: params.id, player_id: player.id }, ports));

  mount(app, endpoints.chooseTells, async ({ params, body, player }) => {
    await chooseTells({ challenge_id: params.id, player_id: player.id, segments: body.segments }, ports);
    return { segments: body.segments };
  });

  mount(app, endpoints.myChallenges, async ({ query, player }) => {
    const page = await ownPage(ports.db, player.id, query, ports.keys);
    const viewer = { player_id: player.id, has_guessed: false };
    const views = page.items.map((facts) => viewFor(facts, viewer)).filter((view) => view !== null && 'clips' in view);
    return { items: views.map((view) => presentOwn(view, ports)), next_cursor: page.next_cursor };
  });
}

/** The challenge as this viewer sees it; what they may not see does not exist: `challenge_not_found`. */
export async function viewChallenge(id: string, playerId: string | null, ports: Pick<Ports, 'db' | 'blobs'>): Promise<Challenge> {
  const facts = await loadFacts(ports.db, id, playerId);
  const view = facts === null ? null : viewFor(facts, { player_id: playerId, has_guessed: facts.has_guessed });
  if (view === null) {
    throw new Problem('challenge_not_found');
  }
  return present(view, ports);
}

async function own(id: string, playerId: string, ports: Ports): Promise<OwnChallenge> {
  const challenge = await viewChallenge(id, playerId, ports);
  if (!challenge.is_author) {
    throw new Problem('challenge_not_found');
  }
  return challenge;
}
