import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';
import { settingsTable } from './settings.ts';

const GOOD_SECRET = 'b2Zj8sQ1xk4Vt7Lm0Rw3Ye6Uh9Pa5Gd2';
const PRODUCTION = { NODE_ENV: 'production', PUBLIC_URL: 'https://play.example.com' };

/** Every complaint about these settings. */
function complaints(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.lines;
    }
    throw error;
  }
}

test('with nothing set it is a development server for this machine alone', () => {
  expect(parseConfig({})).toMatchObject({
    node_env: 'development',
    roles: ['api', 'worker'],
    host: '127.0.0.1',
    port: 8000,
    public_url: null,
    allowed_hosts: ['localhost', '127.0.0.1', '::1'],
    trust_proxy: false,
    tls: null,
    data_dir: resolve('data'),
    database_path: resolve('data/app.db'),
    upload_folder: resolve('data/uploads'),
    temp_dir: resolve('data/work'),
    secret_key: null,
    token_minutes: 30,
    limits: true,
    max_content_length: 104_857_600,
    demo: false,
    min_client_version: null,
    push: null,
    metrics_token: null,
  });
  expect(parseConfig({}).cors_origins).toContain('http://localhost:8081');
  expect(parseConfig({}).cors_origins).not.toContain('*');
});

test('an empty value counts as none', () => {
  expect(parseConfig({ PORT: '', SECRET_KEY: ' ', WEB_DIR: '' })).toEqual(parseConfig({}));
});

test('production listens everywhere, answers for its own name, and lets no other page in', () => {
  expect(parseConfig(PRODUCTION)).toMatchObject({
    host: '0.0.0.0',
    allowed_hosts: ['play.example.com', 'localhost', '127.0.0.1', '::1'],
    cors_origins: [],
  });
});

test('a developer who opens the server to the network is reached under this machine’s addresses too', () => {
  const hosts = parseConfig({ HOST: '0.0.0.0' }).allowed_hosts ?? [];
  expect(hosts.length).toBeGreaterThan(3);
  expect(hosts).toContain('localhost');
});

test.each([
  ['sqlite:///./app.db', resolve('app.db')],
  ['sqlite:///data/x.db', resolve('data/x.db')],
  ['sqlite:////srv/app.db', '/srv/app.db'],
])('%s is the file %s', (url, path) => {
  expect(parseConfig({ DATABASE_URL: url }).database_path).toBe(path);
});

test.each(['postgres://u:p@db/app', 'postgresql+asyncpg://u:p@db/app'])('%s is known, and said to be not available', (url) => {
  const [line] = complaints({ DATABASE_URL: url });
  expect(line).toMatch(/^DATABASE_URL: PostgreSQL is not available/);
  // The address holds a password.
  expect(line).not.toContain('u:p');
});

test.each([
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
  [{ DATABASE_URL: 'sqlite:///:memory:' }, 'DATABASE_URL'],
  [{ DATABASE_URL: 'app.db' }, 'DATABASE_URL'],
  [{ PORT: '80a' }, 'PORT'],
  [{ PORT: '65536' }, 'PORT'],
  [{ ROLES: 'api,cook' }, 'ROLES'],
  [{ ROLES: ',' }, 'ROLES'],
  [{ LIMITS: 'no' }, 'LIMITS'],
  [{ NODE_ENV: 'prod' }, 'NODE_ENV'],
  [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
  [{ CORS_ORIGINS: 'https://a.example/path' }, 'CORS_ORIGINS'],
  [{ PUBLIC_URL: 'play.example.com' }, 'PUBLIC_URL'],
  [{ TRUST_PROXY: 'on' }, 'TRUST_PROXY'],
  [{ TLS_CERT: 'cert.pem' }, 'TLS_CERT, TLS_KEY'],
  [{ TLS_KEY: 'key.pem' }, 'TLS_CERT, TLS_KEY'],
  [{ TOKEN_MINUTES: '0' }, 'TOKEN_MINUTES'],
  [{ MAX_CONTENT_LENGTH: '-1' }, 'MAX_CONTENT_LENGTH'],
  [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  [{ PUSH: 'on' }, 'PUSH'],
  [{ PUSH: 'on', PUBLIC_URL: 'http://localhost:8000' }, 'PUSH'],
  [{ VAPID_KEY: 'short' }, 'VAPID_KEY'],
  [{ VAPID_KEY: '_'.repeat(43) }, 'VAPID_KEY'],
  [{ SECRET_KEY: 'one,two' }, 'SECRET_KEY'],
  [{ SECRET_KEY: 'a:one,a:two' }, 'SECRET_KEY'],
  [{ SECRET_KEY: ' , ' }, 'SECRET_KEY'],
  [{ ...PRODUCTION, LIMITS: 'off' }, 'LIMITS'],
  [{ ...PRODUCTION, ALLOWED_HOSTS: '*' }, 'ALLOWED_HOSTS'],
  [{ NODE_ENV: 'production' }, 'PUBLIC_URL'],
  [{ ...PRODUCTION, SECRET_KEY: 'a:too-short' }, 'SECRET_KEY'],
  [{ ...PRODUCTION, SECRET_KEY: `a:${GOOD_SECRET},b:short` }, 'SECRET_KEY'],
  [{ ...PRODUCTION, SECRET_KEY: 'your-secret-key-change-in-production' }, 'SECRET_KEY'],
  [{ ...PRODUCTION, SECRET_KEY: 'a'.repeat(40) }, 'SECRET_KEY'],
])('%j is refused in one line', (env, name) => {
  const lines = complaints(env as Record<string, string>);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.startsWith(`${name}: `)).toBe(true);
  expect(lines[0]).not.toContain('\n');
});

test.each([
  { SECRET_KEY: 'secret' },
  { LIMITS: 'off' },
  { ALLOWED_HOSTS: '*' },
  { TRUST_PROXY: '1' },
  { TRUST_PROXY: 'off' },
  { TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::/8' },
  { CORS_ORIGINS: 'https://a.example, http://localhost:3000/' },
  { TLS_CERT: 'c.pem', TLS_KEY: 'k.pem' },
  { ...PRODUCTION, SECRET_KEY: `new:${GOOD_SECRET},old:${GOOD_SECRET}x` },
  { NODE_ENV: 'production', ALLOWED_HOSTS: 'a.example' },
  { NODE_ENV: 'production', ROLES: 'worker' },
])('%j is fine', (env) => {
  expect(complaints(env as unknown as Record<string, string>)).toEqual([]);
});

test.each([
  [{}, false],
  [{ PUBLIC_URL: 'https://a.example' }, false],
  [{ PUBLIC_URL: 'https://a.example', PUSH: 'on' }, true],
  [{ NODE_ENV: 'production', PUBLIC_URL: 'https://a.example' }, true],
  [{ NODE_ENV: 'production', PUBLIC_URL: 'http://a.example' }, false],
  [{ NODE_ENV: 'production', PUBLIC_URL: 'https://a.example', PUSH: 'off' }, false],
])('%j sends notifications: %s', (env, isOn) => {
  expect(parseConfig(env as Record<string, string>).push !== null).toBe(isOn);
});

test('everything that is wrong is said at once, malformed values and conflicts together', () => {
  const lines = complaints({
    NODE_ENV: 'production',
    PORT: 'x',
    LIMITS: 'off',
    TLS_KEY: 'k',
    DATABASE_URL: 'postgres://x',
    SECRET_KEY: 'short',
  });
  expect(lines.map((line) => line.split(':')[0]).sort()).toEqual([
    'DATABASE_URL',
    'LIMITS',
    'PORT',
    'PUBLIC_URL',
    'SECRET_KEY',
    'TLS_CERT, TLS_KEY',
  ]);
});

test('no complaint repeats a secret', () => {
  const lines = complaints({ ...PRODUCTION, SECRET_KEY: 'id:hunter2hunter2', METRICS_TOKEN: 'hunter2' });
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('hunter2');
});

test('the program ends with code 1 and the lines', async () => {
  const config = fileURLToPath(new URL('./config.ts', import.meta.url));
  const script = `const { loadConfig } = await import(${JSON.stringify(config)}); loadConfig(); console.log('started');`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env: { PORT: 'x', ROLES: 'cook' } });
  await expect(run).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^(PORT|ROLES): .*\n(PORT|ROLES): .*\n$/) });
});

test('the table has a row for each setting, with its default and a meaning', () => {
  const rows = settingsTable().split('\n').slice(2);
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    expect(row).toMatch(/^\| `[A-Z_]+` \| \S.* \| \S.*\. \|$/);
    expect(row).not.toContain('undefined');
  }
  expect(settingsTable()).toContain('| `PORT` | `8000` |');
});
