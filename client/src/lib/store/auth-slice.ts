import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import type { Player } from '../api/session.ts';

/** `unknown` until the kept tokens were read. The tokens themselves never enter the store. */
export type AuthState = { status: 'unknown' } | { status: 'nobody' } | { status: 'player'; player: Player };

const authSlice = createSlice({
  name: 'auth',
  initialState: { status: 'unknown' } as AuthState,
  reducers: {
    playerChanged: (_state, action: PayloadAction<Player | null>): AuthState =>
      action.payload ? { status: 'player', player: action.payload } : { status: 'nobody' },
  },
});

export const { playerChanged } = authSlice.actions;
export const authReducer = authSlice.reducer;
