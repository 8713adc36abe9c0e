/** The studio with a camera that is taken and comes back, in the dark, on a device whose room runs out. */
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openApp } from '../harness/app.ts';
import { launchBrowser } from '../harness/browser.ts';
import { FFMPEG, run } from '../harness/run.ts';
import { makeScratch } from '../harness/scratch.ts';
import { startServer } from '../harness/server.ts';

const scratch = await makeScratch();
afterAll(() => scratch[Symbol.asyncDispose]());

/** The browser as the test wants it: who has the camera, and how much room there is. */
const WORLD = `
  window.room = 5e9;
  window.isTaken = true;
  navigator.storage.estimate = async () => ({ quota: room, usage: 0 });
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    if (isTaken) throw new DOMException('Device in use', 'NotReadableError');
    return open(wish);
  };
`;

test('a camera that was taken opens by itself; darkness is said; a take that has no more room ends and is kept', async () => {
  const dark = join(scratch.path, 'dark.mp4');
  const picture = ['-f', 'lavfi', '-i', 'color=c=0x101010:s=360x640:r=15:d=4'];
  await run(FFMPEG, ['-v', 'error', ...picture, '-f', 'lavfi', '-i', 'sine=d=4', '-preset', 'ultrafast', dark]);
  const [server, browser] = await Promise.all([startServer(), launchBrowser({ cameraFolder: scratch.path, clip: dark })]);
  await using _server = server;
  await using app = await openApp(browser, server.origin, { path: '/favicon.svg' });
  const { page } = app;
  await page.addInitScript(WORLD);
  await page.goto(`${server.origin}/create`);
  await page.getByTestId('to-the-camera').click();
  await page.getByText('The camera is busy').waitFor();

  await page.evaluate('isTaken = false; navigator.mediaDevices.dispatchEvent(new Event("devicechange"))');
  await page.getByText('It is dark. Turn towards a light').waitFor();
  await page.getByTestId('record').click();
  await page.getByText('0:01', { exact: false }).waitFor();
  await page.evaluate('room = 10e6');
  await page.getByText('The room on this device ran out. What was recorded until then is here.').waitFor();
  await page.getByTestId('keep-take').waitFor();

  await page.getByRole('button', { name: 'Record again' }).click();
  await page.getByText('It is dark. Turn towards a light').or(page.getByText('Hardly any room left on this device')).waitFor();
  await page.getByTestId('record').click();
  await page.getByText('There is no room on this device for a recording. Make some and try again.').waitFor();
  expect(app.faults).toEqual([]);
  await browser.close();
});
