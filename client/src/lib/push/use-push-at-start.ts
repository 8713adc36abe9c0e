/** What the app does about notifications by itself, whatever screen is open. */
import { type Href, useRouter } from 'expo-router';
import { useEffect } from 'react';
import { api } from '../api.ts';
import { currentLanguage } from '../i18n/i18n.ts';
import { useAppSelector } from '../store/store.ts';
import { pushDevice } from './push-device';
import { keepPushMemory, readPushMemory } from './push-memory.ts';

/** A tap opens its page. What was asked for here follows the player, the language and the device's address; a log-out ends it. */
export function usePushAtStart(): void {
  const router = useRouter();
  const player = useAppSelector(({ auth }) => (auth.status === 'player' ? auth.player.id : auth.status));
  const language = useAppSelector(({ ui }) => ui.language);
  useEffect(() => pushDevice.onTap((path) => router.push(path as Href)), [router]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the language is read where it is sent
  useEffect(() => {
    if (player !== 'unknown') {
      void (player === 'nobody' ? forget() : renew()).catch(() => undefined);
    }
  }, [player, language]);
}

/** Tells the server again where this device is: addresses change, and so may the session. Most devices have asked for nothing. */
async function renew(): Promise<void> {
  const { wants: remembered } = await readPushMemory();
  if (remembered === null) {
    return;
  }
  const { web_key, device } = await api.pushState();
  const address = await pushDevice.current(web_key);
  if (address !== null) {
    // A new session of this device gets what the one before had.
    const wants = device?.wants ?? remembered;
    await api.putPushToken({ body: { ...address, language: currentLanguage(), wants } });
  }
}

/** The server has forgotten the device with its session; a server that could not be reached hears of it from the push service. */
async function forget(): Promise<void> {
  const { wants } = await readPushMemory();
  if (wants !== null) {
    await keepPushMemory({ wants: null });
    await pushDevice.release();
  }
}
