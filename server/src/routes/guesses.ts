/** Playing: the one guess, and the reveal that it earns. */
import { endpoints } from '@2t1l/contract/endpoints';
import { revealAnswer } from '../flow/reveal-answer.ts';
import { takeGuess } from '../flow/take-guess.ts';
import type { Ports } from '../ports.ts';
import { repeatableId } from './idempotency.ts';
import { type App, mount } from './route.ts';

export function guessRoutes(app: App, ports: Ports): void {
  mount(app, endpoints.guess, ({ params, body, player, request }) =>
    takeGuess(
      { id: repeatableId(request), challenge_id: params.id, player_id: player.id, guess: body.guess, confidence: body.confidence },
      ports,
    ),
  );
  mount(app, endpoints.reveal, ({ params, player }) => revealAnswer({ challenge_id: params.id, player_id: player.id }, ports.db));
}
