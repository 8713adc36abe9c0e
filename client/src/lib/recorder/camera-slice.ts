/** The `camera` slice: what the author chose last, so that the second statement is recorded like the first. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import type { Facing } from './recorder.types.ts';

export interface CameraState {
  facing: Facing;
  /** False after the author chose to record without a microphone. */
  sound: boolean;
}

const initialState: CameraState = { facing: 'front', sound: true };

const slice = createSlice({
  name: 'camera',
  initialState,
  reducers: {
    facingChosen(state, { payload }: PayloadAction<Facing>) {
      state.facing = payload;
    },
    soundChosen(state, { payload }: PayloadAction<boolean>) {
      state.sound = payload;
    },
  },
});

export const cameraReducer = slice.reducer;
export const cameraActions = slice.actions;
