/** A full disk: 507, nothing half-written, and everything goes on when there is room again. A small tmpfs is the disk. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, expectProblem, makeApi } from '../harness/api.ts';
import { clipsChecked, ownChallenge, settled } from '../harness/challenges.ts';
import { clipMaker } from '../harness/clips.ts';
import { filesIn } from '../harness/data-folder.ts';
import { postClip, uploadClip } from '../harness/multipart.ts';
import { registerPlayer } from '../harness/players.ts';
import { makeScratch } from '../harness/scratch.ts';
import { startServer } from '../harness/server.ts';
import { tusCreate, tusHead, tusPatch } from '../harness/tus.ts';
import { until } from '../harness/until.ts';

const scratch = await makeScratch();
const disk = join(scratch.path, 'disk');
const ballast = join(disk, 'ballast');
const PADDING_BYTES = 2_000_000;
const isMounted = mount();
let clips: [string, string, string];

beforeAll(async () => {
  clips = await clipMaker(scratch.path).three();
  // Larger than what a job that ends may give back to the full disk.
  for (const path of clips.slice(1)) {
    appendFileSync(path, freeBox(PADDING_BYTES));
  }
});
afterAll(async () => {
  if (isMounted) {
    execFileSync('umount', ['-l', disk]);
  }
  await scratch[Symbol.asyncDispose]();
});

test.skipIf(!isMounted)(
  `a full disk gives storage_full and recovers${isMounted ? '' : ' (skipped: only root may mount a small disk)'}`,
  async () => {
    await using server = await startServer({ dataDir: join(disk, 'data') });
    const nobody = makeApi(server.origin);
    const author = (await registerPlayer(nobody)).api;
    const { id } = await author.call('createChallenge', { body: { lie_index: 1 } });
    await uploadClip(author, id, clips[0]);
    await clipsChecked(author, id);
    const bytes = new Uint8Array(readFileSync(clips[1]));
    const upload = await tusCreate(author, { challenge_id: id, segment_index: 1 }, bytes.length);
    const url = upload.headers.get('location') ?? '';
    expect(upload.status).toBe(201);

    const before = await ownChallenge(author, id);
    const files = await filesIn(server.dataDir);
    fill();
    await expectProblem(postClip(author, id, clips[2], 2), 'storage_full');
    await expectProblem(tusPatch(author, url, 0, bytes), 'storage_full');
    await fullOrDone(author.fetch('/api/v1/challenges', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }));
    await fullOrDone(nobody.fetch('/api/v1/auth/guest', { method: 'POST' }));
    expect(await ownChallenge(author, id)).toEqual(before);
    await until(async () => (await filesIn(server.dataDir)).join() === files.join(), { what: 'nothing half-written to be left' });
    expect((await fetch(`${server.origin}/health/live`)).status).toBe(200);

    rmSync(ballast);
    await resume(author, url, bytes);
    await uploadClip(author, id, clips[2], 2);
    await author.call('process', { params: { id } });
    const published = await settled(author, id);
    expect(published).toMatchObject({ status: 'published', lie_index: 1 });
    expect((await nobody.fetch(published.video_url ?? '')).status).toBe(200);
    expect(server.logs()).not.toMatch(/SqliteError.*corrupt|malformed/i);
  },
);

/** An MP4 box that says nothing. */
function freeBox(bytes: number): Buffer {
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes, 0);
  box.write('free', 4, 'latin1');
  return box;
}

/** The database may still have had room in its own files; but it never breaks. */
async function fullOrDone(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  if (response.status !== 201) {
    await expectProblem(response, 'storage_full');
  }
}

/** From where the server says that the upload stands. */
async function resume(author: Api, url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const offset = Number((await tusHead(author, url)).headers.get('upload-offset'));
  expect(offset).toBeLessThan(bytes.length);
  const sent = await tusPatch(author, url, offset, bytes.slice(offset));
  expect(sent.status, await sent.text()).toBe(204);
}

function mount(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Leaves less than a clip's worth of room: 256 kB. */
function fill(): void {
  const { bavail, bsize } = statfsSync(disk);
  const file = openSync(ballast, 'w');
  const piece = Buffer.alloc(64 * 1024);
  for (let left = bavail * bsize - 256 * 1024; left > 0; left -= piece.length) {
    writeSync(file, piece);
  }
  closeSync(file);
}
