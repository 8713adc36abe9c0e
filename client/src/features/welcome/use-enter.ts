import type { RegisterBody, Tokens } from '@2t1l/contract/schemas';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { ensurePlayer } from '../../lib/account.ts';
import { api, session } from '../../lib/api.ts';
import { useAppDispatch } from '../../lib/store/store.ts';
import { welcomeSeen } from '../../lib/store/ui-slice.ts';

export type Entrance =
  | { way: 'guest' }
  | { way: 'signup' | 'upgrade'; body: RegisterBody }
  | { way: 'login'; email: string; password: string };

/** Goes in by one of four doors, then to where the player came from. */
export function useEnter(silent: boolean) {
  const router = useRouter();
  const dispatch = useAppDispatch();
  const queries = useQueryClient();
  return useMutation({
    meta: { silent },
    mutationFn: async (entrance: Entrance): Promise<void> => {
      const tokens = await knock(entrance);
      if (tokens) {
        await session.keep(tokens);
      }
    },
    onSuccess: (_done, entrance) => {
      dispatch(welcomeSeen());
      // What the guest saw stays; another player sees with other eyes.
      if (entrance.way !== 'guest') {
        void queries.invalidateQueries();
      }
      if (entrance.way !== 'guest' && router.canGoBack()) {
        router.back();
      } else {
        router.replace(entrance.way === 'upgrade' ? '/me' : '/');
      }
    },
  });
}

async function knock(entrance: Entrance): Promise<Tokens | null> {
  switch (entrance.way) {
    case 'guest':
      await ensurePlayer();
      return null;
    case 'signup':
      return api.register({ body: entrance.body });
    case 'upgrade':
      return api.upgrade({ body: entrance.body });
    case 'login':
      return api.login({ body: { email: entrance.email.trim(), password: entrance.password } });
  }
}
