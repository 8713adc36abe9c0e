import type { Challenge, GuessAnswer, PublicChallenge } from '@2t1l/contract/schemas';
import type { SegmentIndex } from '@2t1l/game/challenge';
import { nanoid } from '@reduxjs/toolkit';
import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { codeOf } from '../../lib/api/problem.ts';
import { api } from '../../lib/api.ts';
import { feel } from '../../lib/haptics';
import { challengeKey, meKey, revealKey } from '../../lib/query-keys.ts';

interface Guess {
  guess: SegmentIndex;
  confidence: number;
}

/** Stores the guess, once: a retry after a lost answer carries the same key. */
export function useGuess(id: string) {
  const queries = useQueryClient();
  const [idempotencyKey] = useState(() => nanoid());
  return useMutation({
    mutationFn: (body: Guess) => api.guess({ params: { id }, body }, { idempotencyKey }),
    onSuccess: (answer) => {
      feel(answer.correct ? 'right' : 'wrong');
      take(queries, id, answer);
    },
    onError: (error) => {
      // Guessed on another device meanwhile: the answer is there to be read.
      if (codeOf(error) === 'already_guessed') {
        void queries.invalidateQueries({ queryKey: challengeKey(id) });
      }
    },
  });
}

function take(queries: QueryClient, id: string, answer: GuessAnswer): void {
  queries.setQueryData(revealKey(id), answer.reveal);
  queries.setQueryData(challengeKey(id), (known: Challenge | undefined) =>
    known ? { ...known, has_guessed: true, guess_count: known.guess_count + 1 } : known,
  );
  queries.setQueriesData({ queryKey: ['feed'] }, (feed: Feed | undefined) => feed && without(feed, id));
  void queries.invalidateQueries({ queryKey: meKey() });
}

type Feed = InfiniteData<{ items: PublicChallenge[]; next_cursor: string | null }>;

function without(feed: Feed, id: string): Feed {
  return { ...feed, pages: feed.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })) };
}
