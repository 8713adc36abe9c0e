import { createAction, type Middleware } from '@reduxjs/toolkit';
import { codeOf, type ErrorCode } from '../api/problem.ts';
import { problemShown } from './ui-slice.ts';

/** A call has failed and no screen says so by itself. */
export const callFailed = createAction('api/callFailed', (error: unknown) => ({ payload: codeOf(error) }));

/** Turns problems into toasts. */
export const apiMiddleware: Middleware = (store) => (next) => (action) => {
  const result = next(action);
  if (callFailed.match(action)) {
    store.dispatch(problemShown(action.payload as ErrorCode));
  }
  return result;
};
