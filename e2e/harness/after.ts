/** What follows the tests of a file. */
import { afterAll, afterEach } from 'vitest';
import type { App } from './app.ts';
import type { Server } from './server.ts';

/** Closes `held` one after the other, as far as `beforeAll` came. Call it once, outside of any test. */
export function closeAfterAll(held: () => readonly (AsyncDisposable | undefined)[]): void {
  afterAll(async () => {
    for (const one of held()) {
      await one?.[Symbol.asyncDispose]();
    }
  });
}

/** Prints, when a test failed, what was on the screens and what the server said last. Call it once, outside of any test. */
export function showFailures(held: () => { screens: readonly (Screen | undefined)[]; server: Server }): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') {
      return;
    }
    const { screens, server } = held();
    for (const screen of screens) {
      const text = await screen?.page.innerText('body').catch(String);
      console.log(screen?.page.url(), screen?.faults, text?.slice(0, 1500));
    }
    console.log(server.logs().slice(-2000));
  });
}

type Screen = Pick<App, 'page'> & Partial<Pick<App, 'faults'>>;
