import { useEffect, useState } from 'react';
import { clipStore } from '../../lib/sending/clip-store';
import type { PlayableClip } from '../../lib/sending/clip-store.types.ts';

export type Playable = { status: 'loading' } | { status: 'lost' } | { status: 'ready'; uri: string };

/** The bytes of a take as an address to play; its memory is given back when the screen is done with it. */
export function usePlayable(takeId: string): Playable {
  const [playable, setPlayable] = useState<Playable>({ status: 'loading' });
  useEffect(() => {
    let clip: PlayableClip | null = null;
    let isGone = false;
    setPlayable({ status: 'loading' });
    void clipStore
      .playable(takeId)
      .catch(() => null)
      .then((found) => {
        if (isGone) {
          found?.release();
          return;
        }
        clip = found;
        setPlayable(found === null ? { status: 'lost' } : { status: 'ready', uri: found.uri });
      });
    return () => {
      isGone = true;
      clip?.release();
    };
  }, [takeId]);
  return playable;
}
