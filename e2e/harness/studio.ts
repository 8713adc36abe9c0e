/** What an author does at the camera and after it, in a page of the app. */
import type { Locator, Page } from 'playwright-core';

const SLOW = { timeout: 60_000 };

/** A button that can be seen: a screen that was left may still be in the page. */
export function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole('button', { name }).filter({ visible: true });
}

/** Until the take runs. */
export async function begin(page: Page, number: number): Promise<void> {
  await button(page, `Record statement ${number}`).click(SLOW);
  await button(page, 'Stop').waitFor(SLOW);
}

/** By the studio's own clock: a busy machine takes its time to begin. */
export async function twoSeconds(page: Page): Promise<void> {
  await page
    .getByText(/^0:0[2-9] \/ 1:00/)
    .filter({ visible: true })
    .first()
    .waitFor(SLOW);
}

/** A take of two seconds, up to the question whether it is kept. */
export async function record(page: Page, number: number): Promise<void> {
  await begin(page, number);
  await twoSeconds(page);
  await button(page, 'Stop').click();
}

export async function keep(page: Page): Promise<void> {
  await button(page, 'Keep it').click(SLOW);
  await button(page, 'Keep it').waitFor({ state: 'hidden', ...SLOW });
}

/** Marks the second as the lie, and waits until the challenge is on air. */
export async function publish(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Statement 2 is the lie' }).click(SLOW);
  await button(page, 'Publish').click();
  await page.getByText('On air', { exact: true }).waitFor(SLOW);
}
