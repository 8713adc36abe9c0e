import { createSlice, nanoid, type PayloadAction, type UnknownAction } from '@reduxjs/toolkit';
import type { ServerNews } from '../api/create-api.ts';
import type { ErrorCode } from '../api/problem.ts';
import type { LanguageChoice } from '../i18n/i18n.ts';
import { hydrated } from './persistence.ts';

/** A toast says a problem by its code, or a ready sentence; `undo` is dispatched where the player takes back what it tells of. */
export type ToastMessage = { id: string } & (
  | { kind: 'problem'; code: ErrorCode }
  | { kind: 'info'; text: string }
  | { kind: 'undo'; text: string; undo: UnknownAction }
);

export interface UiState {
  theme: 'system' | 'dark' | 'light';
  language: LanguageChoice;
  captions: boolean;
  /** On phones; a browser has nothing to feel. */
  haptics: boolean;
  /** True once the welcome was seen: the feed opens first then. */
  welcomed: boolean;
  online: boolean;
  /** What the last call told of the server. Once it asks for an update, that stays so until the app is loaded anew. */
  server: ServerNews;
  toasts: ToastMessage[];
}

const TOASTS_MAX = 3;

const initialState: UiState = {
  theme: 'system',
  language: 'system',
  captions: true,
  haptics: true,
  welcomed: false,
  online: true,
  server: 'heard',
  toasts: [],
};

const uiSlice = createSlice({
  name: 'ui',
  initialState,
  reducers: {
    themeChosen: (state, action: PayloadAction<UiState['theme']>) => {
      state.theme = action.payload;
    },
    languageChosen: (state, action: PayloadAction<LanguageChoice>) => {
      state.language = action.payload;
    },
    captionsSwitched: (state, action: PayloadAction<boolean>) => {
      state.captions = action.payload;
    },
    hapticsSwitched: (state, action: PayloadAction<boolean>) => {
      state.haptics = action.payload;
    },
    welcomeSeen: (state) => {
      state.welcomed = true;
    },
    onlineChanged: (state, action: PayloadAction<boolean>) => {
      state.online = action.payload;
    },
    serverHeard: (state, action: PayloadAction<ServerNews>) => {
      if (state.server !== 'update_required') {
        state.server = action.payload;
      }
    },
    problemShown: {
      prepare: (code: ErrorCode) => ({ payload: { id: nanoid(), kind: 'problem' as const, code } }),
      reducer: (state, action: PayloadAction<ToastMessage>) => addToast(state, action.payload),
    },
    infoShown: {
      prepare: (text: string) => ({ payload: { id: nanoid(), kind: 'info' as const, text } }),
      reducer: (state, action: PayloadAction<ToastMessage>) => addToast(state, action.payload),
    },
    undoShown: {
      prepare: (text: string, undo: UnknownAction) => ({ payload: { id: nanoid(), kind: 'undo' as const, text, undo } }),
      reducer: (state, action: PayloadAction<ToastMessage>) => addToast(state, action.payload),
    },
    toastClosed: (state, action: PayloadAction<string>) => {
      state.toasts = state.toasts.filter((toast) => toast.id !== action.payload);
    },
  },
  extraReducers: (builder) => {
    builder.addCase(hydrated, (state, action) => ({
      ...state,
      ...(action.payload.ui as Partial<UiState> | undefined),
      toasts: [],
      online: state.online,
      server: state.server,
    }));
  },
});

/** The same word twice is said once. */
function addToast(state: UiState, toast: ToastMessage): void {
  const says = (message: ToastMessage) => (message.kind === 'problem' ? message.code : message.text);
  state.toasts = [...state.toasts.filter((other) => says(other) !== says(toast)), toast].slice(-TOASTS_MAX);
}

export const {
  themeChosen,
  languageChosen,
  captionsSwitched,
  hapticsSwitched,
  welcomeSeen,
  onlineChanged,
  serverHeard,
  problemShown,
  infoShown,
  undoShown,
  toastClosed,
} = uiSlice.actions;
export const uiReducer = uiSlice.reducer;
