import { useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { meKey } from './query-keys.ts';
import { useAppSelector } from './store/store.ts';

/** The player as the server knows them; nothing is asked for without one. */
export function useMe() {
  const isPlayer = useAppSelector((state) => state.auth.status === 'player');
  return useQuery({ queryKey: meKey(), queryFn: ({ signal }) => api.me(undefined, { signal }), enabled: isPlayer });
}
