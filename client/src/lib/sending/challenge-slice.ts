/** The `challenge` slice: drafts and the sending queue. Pure; the sender tells it what happened. */
import { createSlice } from '@reduxjs/toolkit';
import { playerChanged } from '../store/auth-slice.ts';
import { onlineChanged } from '../store/ui-slice.ts';
import type { ChallengeState } from './challenge-state.ts';
import { draftReducers } from './draft-reducers.ts';
import { changePlayer, goOnline, sendingReducers } from './sending-reducers.ts';

const initialState: ChallengeState = { drafts: {}, is_loaded: false, is_online: true, player: null };

const slice = createSlice({
  name: 'challenge',
  initialState,
  reducers: { ...draftReducers, ...sendingReducers },
  extraReducers: (builder) => {
    builder.addCase(onlineChanged, goOnline).addCase(playerChanged, changePlayer);
  },
});

export const challengeReducer = slice.reducer;
export const challengeActions = slice.actions;
