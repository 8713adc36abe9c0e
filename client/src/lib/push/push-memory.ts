import type { PushWants } from '@2t1l/contract/push';
import AsyncStorage from '@react-native-async-storage/async-storage';

/** What this device remembers of notifications between two starts; who asked for them on another device is not asked here. */
export interface PushMemory {
  /** What was asked for here, so that a new session of this device gets it too; null: nothing. */
  wants: PushWants | null;
  /** The offer was answered, one way or the other: it is not made again. */
  is_answered: boolean;
}

const KEY = '2t1l.push';
const NOTHING: PushMemory = { wants: null, is_answered: false };

export async function readPushMemory(): Promise<PushMemory> {
  try {
    return { ...NOTHING, ...(JSON.parse((await AsyncStorage.getItem(KEY)) ?? '{}') as Partial<PushMemory>) };
  } catch {
    return NOTHING;
  }
}

/** Changes part of it. A forbidden storage forgets, and the offer is made once more. */
export async function keepPushMemory(change: Partial<PushMemory>): Promise<void> {
  const kept = { ...(await readPushMemory()), ...change };
  await AsyncStorage.setItem(KEY, JSON.stringify(kept)).catch(() => undefined);
}
