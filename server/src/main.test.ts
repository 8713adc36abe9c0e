import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get as httpsGet } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const UP = '2Truths-1Lie is up';

interface Program {
  child: ChildProcess;
  /** Everything printed so far. */
  printed(): string;
  /** Exit code; null where a signal ended it. */
  ended: Promise<number | null>;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), '2t1l-main-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function run(settings: Record<string, string>): Promise<Program> {
  const env = { PATH: process.env.PATH ?? '', DATA_DIR: join(await folder(), 'data'), PORT: '0', ...settings };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, printed: () => text, ended };
}

async function up(settings: Record<string, string> = {}): Promise<Program & { address: string }> {
  const program = await run(settings);
  await expect.poll(program.printed, { timeout: 15_000 }).toContain(UP);
  const line =
    program
      .printed()
      .split('\n')
      .find((one) => one.includes(UP)) ?? '{}';
  return { ...program, address: JSON.parse(line).address };
}

test('an empty folder is enough; one line says where it is; SIGTERM ends it in time, open streams and all', async () => {
  const { address, child, ended, printed } = await up();
  expect((await fetch(`${address}/health/live`)).status).toBe(200);
  const post = async (path: string, token?: string) =>
    (
      await fetch(`${address}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        ...(token === undefined ? {} : { body: '{}' }),
      })
    ).json();
  const { access_token } = await post('/auth/guest');
  const { id } = await post('/challenges', access_token);
  const stream = await fetch(`${address}/challenges/${id}/events`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(stream.status).toBe(200);
  const begin = performance.now();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect(await stream.text()).toContain('retry:');
  expect(printed()).not.toContain(access_token);
});

test('a taken port is told in one line', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { ended, printed } = await run({ PORT: String(port) });
  expect(await ended).toBe(1);
  expect(printed().trim()).toBe(`Port ${port} is taken by another program; set PORT to another one`);
});

test('a role alone: the worker works without a port', async () => {
  const { ended, child, address } = await up({ ROLES: 'worker' });
  expect(address).toBeUndefined();
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

test('a second signal does not cut the stop short', async () => {
  const { ended, child, address, printed } = await up();
  await fetch(`${address}/health/live`);
  child.kill('SIGINT');
  await expect.poll(printed, { interval: 1 }).toContain('"stopping"');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('with a certificate it speaks https', async () => {
  const at = await folder();
  const [cert, key] = [join(at, 'cert.pem'), join(at, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '1', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  await promisify(execFile)('openssl', ['req', '-x509', ...subject, '-keyout', key, '-out', cert]);
  const { address } = await up({ ROLES: 'api', TLS_CERT: cert, TLS_KEY: key });
  expect(address).toMatch(/^https:/);
  const answer = await new Promise<{ status: number | undefined; hsts: string | undefined }>((resolve, reject) => {
    const request = httpsGet(address, { rejectUnauthorized: false, agent: false, headers: { accept: 'text/html' } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] });
    });
    request.on('error', reject);
  });
  expect(answer).toEqual({ status: 200, hsts: 'max-age=31536000' });
});

test('a certificate that is not there is told in one line', async () => {
  const { ended, printed } = await run({ TLS_CERT: '/nowhere/cert.pem', TLS_KEY: '/nowhere/key.pem' });
  expect(await ended).toBe(1);
  expect(printed().trim()).toContain('/nowhere/cert.pem');
  expect(printed().trim().split('\n')).toHaveLength(1);
});
