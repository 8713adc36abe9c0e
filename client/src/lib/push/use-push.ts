/** Notifications as a screen uses them. */
import type { PushState, PushWants } from '@2t1l/contract/push';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { AppState } from 'react-native';
import { api } from '../api.ts';
import { currentLanguage } from '../i18n/i18n.ts';
import { pushKey } from '../query-keys.ts';
import { useAppSelector } from '../store/store.ts';
import { pushDevice } from './push-device';
import type { PushPermission } from './push-device.types.ts';
import { keepPushMemory } from './push-memory.ts';
import { type PushView, pushView } from './push-state.ts';

export interface PushControl {
  view: PushView;
  /** What the server or the device said against the last change; null: nothing. */
  error: unknown;
  isBusy: boolean;
  /** Asks for these from now on, and the person for their leave where need be; null: for nothing any more. */
  want(wants: PushWants | null): void;
  /** Reads everything once more. */
  retry(): void;
}

/** Nothing is asked for without a player, and nobody is asked anything before `want`. */
export function usePush(): PushControl {
  const queries = useQueryClient();
  const isPlayer = useAppSelector((state) => state.auth.status === 'player');
  const { permission, look } = usePermission();
  const server = useQuery({
    queryKey: pushKey(),
    queryFn: ({ signal }) => api.pushState(undefined, { signal }),
    enabled: isPlayer,
    staleTime: 0,
  });
  const known = server.data ?? null;
  const change = useMutation({
    mutationFn: (wants: PushWants | null) => (wants === null ? turnOff() : turnOn(wants, known)),
    // One after the other: the last one counts.
    scope: { id: 'push' },
    meta: { silent: true },
    onMutate: async (wants) => {
      await queries.cancelQueries({ queryKey: pushKey() });
      // A switch moves at once; turning on waits for the person's answer.
      if (known?.device && wants !== null) {
        queries.setQueryData<PushState>(pushKey(), { ...known, device: { ...known.device, wants } });
      }
    },
    onSettled: () => {
      look();
      return queries.invalidateQueries({ queryKey: pushKey() });
    },
  });
  const view = pushView(pushDevice.kind, known, permission);
  const error = change.error ?? (known === null ? server.error : null);
  return { view, error, isBusy: change.isPending, want: change.mutate, retry: () => void server.refetch() };
}

/** Whether this device may show any; looked at anew when the app comes to the front, as it is changed elsewhere. */
function usePermission() {
  const [permission, setPermission] = useState<PushPermission | null>(null);
  const look = useCallback(() => void pushDevice.permission().then(setPermission, () => setPermission('none')), []);
  useEffect(() => {
    look();
    const subscription = AppState.addEventListener('change', (next) => next === 'active' && look());
    return () => subscription.remove();
  }, [look]);
  return { permission, look };
}

async function turnOn(wants: PushWants, known: PushState | null): Promise<void> {
  const address = await pushDevice.subscribe(known?.web_key ?? null);
  if (address !== null) {
    await api.putPushToken({ body: { ...address, language: currentLanguage(), wants } });
    await keepPushMemory({ wants, is_answered: true });
  }
}

async function turnOff(): Promise<void> {
  await keepPushMemory({ wants: null });
  await api.deletePushToken();
  await pushDevice.release().catch(() => undefined);
}
