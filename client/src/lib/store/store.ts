import { combineReducers, configureStore } from '@reduxjs/toolkit';
import { useDispatch, useSelector } from 'react-redux';
import { onServerNews, session } from '../api.ts';
import { cameraReducer } from '../recorder/camera-slice.ts';
import { challengeReducer } from '../sending/challenge-slice.ts';
import { readServer } from '../server-choice.ts';
import { apiMiddleware } from './api-middleware.ts';
import { authReducer, playerChanged } from './auth-slice.ts';
import { hydrated, persistenceMiddleware, readKept } from './persistence.ts';
import { serverHeard, uiReducer } from './ui-slice.ts';

const reducer = combineReducers({ auth: authReducer, challenge: challengeReducer, camera: cameraReducer, ui: uiReducer });

export const store = configureStore({
  reducer,
  middleware: (defaults) => defaults({ serializableCheck: false }).concat(persistenceMiddleware(), apiMiddleware),
});

export type RootState = ReturnType<typeof reducer>;
export type AppDispatch = typeof store.dispatch;
export const useAppSelector = useSelector.withTypes<RootState>();
export const useAppDispatch = useDispatch.withTypes<AppDispatch>();

/** Settled when it is known which server this app plays on; before that no token is right. */
export const serverRead: Promise<void> = readServer();

let starting: Promise<void> | null = null;

/** Reads what was kept and who plays, once; the first screen waits for it, and so does a start in the background. */
export function startStore(): Promise<void> {
  starting ??= start();
  return starting;
}

async function start(): Promise<void> {
  session.onPlayer((player) => store.dispatch(playerChanged(player)));
  onServerNews((news) => store.dispatch(serverHeard(news)));
  await serverRead;
  const [kept, player] = await Promise.all([readKept(), session.player().catch(() => null)]);
  store.dispatch(hydrated(kept));
  store.dispatch(playerChanged(player));
}
