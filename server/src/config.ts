/**
 * The environment as typed settings; nothing else reads it. Each setting of the environment is a property of `Config` under the same
 * name in lower case. The table in docs/configuration.md is made from the schema below (`node scripts/make-docs.ts`).
 */
import { availableParallelism as cores, hostname, networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const WEB_DEVELOPMENT = [8000, 8081, 19006].flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]);
const CORES_MAX = 16;
/** Of a secret in production. */
const SECRET_LENGTH = 32;

const list = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );
const flag = (preset: 'on' | 'off') =>
  z
    .enum(['on', 'off'])
    .default(preset)
    .transform((word) => word === 'on');
const whole = (min: number, max: number, preset: number) =>
  z.string().regex(/^\d+$/, 'expected a whole number').transform(Number).pipe(z.int().min(min).max(max)).default(preset);
const origin = z
  .string()
  .transform((text) => text.replace(/\/$/, ''))
  .refine(
    (text) => /^https?:/.test(text) && URL.parse(text)?.origin === text,
    'expected an origin such as https://example.com, without path',
  );

/** `shown` is the default as the table says it, where it depends on another setting. */
const SCHEMA = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .meta({ description: '`production` is strict: see below.' }),
  ROLES: list()
    .pipe(z.array(z.enum(['api', 'worker'])).min(1))
    .default(['api', 'worker'])
    .meta({
      description: 'What this process does: `api` answers HTTP, `worker` runs the long steps. Several processes may share a `DATA_DIR`.',
    }),
  HOST: z.string().optional().meta({
    description: 'Address to listen at.',
    shown: '`127.0.0.1`; `0.0.0.0` in production',
  }),
  PORT: whole(0, 65_535, 8000).meta({ description: 'Port to listen at; 0 takes a free one.' }),
  PUBLIC_URL: origin
    .optional()
    .meta({ description: 'The address under which players reach the server, `https://example.com`.', shown: 'none' }),
  ALLOWED_HOSTS: list().optional().meta({
    description: 'Host names (without port) that the server answers for; `*` for all, not in production.',
    shown: 'the host of `PUBLIC_URL` and localhost; in development also this machine when `HOST` is not local',
  }),
  CORS_ORIGINS: list().pipe(z.array(origin)).optional().meta({
    description: 'Other origins whose pages may call the API. `*` is refused.',
    shown: 'ports 8000, 8081 and 19006 of localhost; none in production',
  }),
  TRUST_PROXY: z
    .string()
    .refine(
      (text) => text === 'off' || /^[1-9]$/.test(text) || list().parse(text).every(isAddress),
      'expected off, the number of proxies, or their addresses',
    )
    .default('off')
    .meta({
      description: 'Whose `X-Forwarded-*` to believe: `off`, how many proxies stand in front, or a list of their addresses (`10.0.0.0/8`).',
    }),
  TLS_CERT: z
    .string()
    .optional()
    .meta({ description: 'PEM file of the certificate chain; with `TLS_KEY` the server speaks https itself.', shown: 'none' }),
  TLS_KEY: z.string().optional().meta({ description: 'PEM file of the private key.', shown: 'none' }),
  DATA_DIR: z.string().default('./data').meta({ description: 'Where everything is kept.' }),
  DATABASE_URL: z.string().optional().meta({
    description:
      'An SQLite file on a local disk, as `sqlite:///./app.db` (relative) or `sqlite:////srv/app.db` (absolute). PostgreSQL is not available yet.',
    shown: '`app.db` in `DATA_DIR`',
  }),
  UPLOAD_FOLDER: z
    .string()
    .optional()
    .meta({ description: 'Uploads under way; best on the disk of `DATA_DIR`.', shown: '`uploads` in `DATA_DIR`' }),
  TEMP_DIR: z
    .string()
    .optional()
    .meta({ description: 'Work files of running steps; best on the disk of `DATA_DIR`.', shown: '`work` in `DATA_DIR`' }),
  SECRET_KEY: z.string().optional().meta({
    description:
      'Signs tokens and video addresses: one secret, or `id:secret, id:secret`, of which the first signs and the others still verify, for a change of keys. 32 characters or more in production.',
    shown: 'made at the first start, kept in `DATA_DIR/secret.key`',
  }),
  TOKEN_MINUTES: whole(1, 1440, 30).meta({ description: 'How long an access token is valid; the app refreshes it by itself.' }),
  REFRESH_DAYS: whole(1, 365, 30).meta({ description: 'How long a log-in lasts without being used.' }),
  LIMITS: flag('on').meta({ description: '`off` lifts the limits on calls and log-ins, for measurements; refused in production.' }),
  MAX_CONTENT_LENGTH: whole(1, 1_073_741_824, 104_857_600).meta({ description: 'Largest clip as uploaded, in bytes of the file itself.' }),
  WORKER_CONCURRENCY: whole(1, 64, Math.min(cores(), CORES_MAX)).meta({
    description: 'Steps that a worker runs at once, two at least; one hand is kept free of what encodes, so that no merge waits behind it.',
    shown: `processor cores, at most ${CORES_MAX}`,
  }),
  FFMPEG_PATH: z
    .string()
    .optional()
    .meta({ description: 'The `ffmpeg` to use; `ffprobe` is expected beside it.', shown: 'found on the `PATH`' }),
  WEB_DIR: z.string().optional().meta({ description: 'Folder with the built web app, served at `/`.', shown: 'none; `npm start` sets it' }),
  DEMO: flag('off').meta({ description: '`on` puts example challenges into an empty server.', shown: '`off`; `npm start` sets `on`' }),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .meta({ description: 'Bearer token that opens `/metrics`.', shown: 'none: `/metrics` is closed' }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .meta({ description: 'Least severe lines in the log.' }),
});
type Settings = z.output<typeof SCHEMA>;

/** What the rest of the program is told. Paths are absolute. */
export interface Config {
  node_env: Settings['NODE_ENV'];
  roles: Settings['ROLES'];
  host: string;
  port: number;
  public_url: string | null;
  /** Lower case, without port; null for every host. */
  allowed_hosts: string[] | null;
  cors_origins: string[];
  /** As Fastify takes it. */
  trust_proxy: false | number | string[];
  tls: { cert_path: string; key_path: string } | null;
  data_dir: string;
  /** The SQLite file. */
  database_path: string;
  upload_folder: string;
  temp_dir: string;
  /** As given; `parseSecrets` (adapters/file-keys.ts) takes it apart. */
  secret_key: string | null;
  token_minutes: number;
  refresh_days: number;
  limits: boolean;
  max_content_length: number;
  worker_concurrency: number;
  ffmpeg_path: string | null;
  web_dir: string | null;
  demo: boolean;
  metrics_token: string | null;
  log_level: Settings['LOG_LEVEL'];
}

/** Everything that is wrong with the settings, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** Reads this process's environment; where it is wrong, prints all that is wrong and ends the process with code 1. */
export function loadConfig(): Config {
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    console.error(error.lines.join('\n'));
    process.exit(1);
  }
}

/** Settings from an environment. An empty value counts as none. Throws `ConfigError`. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name in SCHEMA.shape && value !== undefined && value.trim() !== ''),
  );
  const first = SCHEMA.safeParse(given);
  const issues = first.error?.issues ?? [];
  const lines = issues.map(({ path, message }) => `${String(path[0])}: ${message}`);
  // Defaults in place of what is malformed, so that conflicts among the rest are told in the same go.
  const malformed = new Set(issues.map(({ path }) => String(path[0])));
  const settings = SCHEMA.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !malformed.has(name))));
  const wrong = [...new Set([...lines, ...conflicts(settings)])];
  if (wrong.length > 0) {
    throw new ConfigError(wrong);
  }
  return configOf(settings);
}

/** The settings as a Markdown table: name, default, meaning. */
export function settingsTable(): string {
  const rows = Object.entries(SCHEMA.shape).map(([name, schema]) => {
    const { description, shown } = schema.meta() ?? {};
    return `| \`${name}\` | ${typeof shown === 'string' ? shown : presetOf(schema)} | ${description} |`;
  });
  return ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function conflicts(settings: Settings): string[] {
  const isProduction = settings.NODE_ENV === 'production';
  const lines: string[] = [];
  const refuse = (isWrong: boolean, line: string) => {
    if (isWrong) {
      lines.push(line);
    }
  };
  refuse(isProduction && !settings.LIMITS, 'LIMITS: off is refused with NODE_ENV=production');
  refuse((settings.TLS_CERT === undefined) !== (settings.TLS_KEY === undefined), 'TLS_CERT, TLS_KEY: give both or none');
  refuse(isProduction && (settings.ALLOWED_HOSTS?.includes('*') ?? false), 'ALLOWED_HOSTS: * is refused with NODE_ENV=production');
  refuse(
    isProduction && settings.ROLES.includes('api') && settings.ALLOWED_HOSTS === undefined && settings.PUBLIC_URL === undefined,
    'PUBLIC_URL: with NODE_ENV=production say where players reach the server (or set ALLOWED_HOSTS)',
  );
  if (isProduction && settings.SECRET_KEY !== undefined) {
    const secrets = secretsOf(settings.SECRET_KEY);
    const isShort = secrets.some((secret) => secret.length < SECRET_LENGTH);
    refuse(
      isShort,
      `SECRET_KEY: with NODE_ENV=production each secret needs ${SECRET_LENGTH} characters or more; docs/configuration.md says how to make one`,
    );
    refuse(!isShort && secrets.some(isGuessable), 'SECRET_KEY: this looks like an example value; with NODE_ENV=production it is refused');
  }
  if (settings.SECRET_KEY !== undefined) {
    const ids = list()
      .parse(settings.SECRET_KEY)
      .map((entry) => entry.slice(0, entry.length - secretOf(entry).length));
    refuse(new Set(ids).size !== ids.length, 'SECRET_KEY: each secret of a list needs an id of its own, as in a:secret,b:secret');
  }
  const database = databasePath(settings.DATABASE_URL, '');
  refuse('refusal' in database, 'refusal' in database ? `DATABASE_URL: ${database.refusal}` : '');
  return lines;
}

function configOf(settings: Settings): Config {
  const dataDir = resolve(settings.DATA_DIR);
  const host = settings.HOST ?? (settings.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1');
  const database = databasePath(settings.DATABASE_URL, dataDir);
  if ('refusal' in database) {
    throw new ConfigError([`DATABASE_URL: ${database.refusal}`]);
  }
  const path = (given: string | undefined) => (given === undefined ? null : resolve(given));
  return {
    node_env: settings.NODE_ENV,
    roles: [...new Set(settings.ROLES)],
    host,
    port: settings.PORT,
    public_url: settings.PUBLIC_URL ?? null,
    allowed_hosts: allowedHosts(settings, host),
    cors_origins: settings.CORS_ORIGINS ?? (settings.NODE_ENV === 'production' ? [] : WEB_DEVELOPMENT),
    trust_proxy: trustProxy(settings.TRUST_PROXY),
    tls:
      settings.TLS_CERT !== undefined && settings.TLS_KEY !== undefined
        ? { cert_path: resolve(settings.TLS_CERT), key_path: resolve(settings.TLS_KEY) }
        : null,
    data_dir: dataDir,
    database_path: database.path,
    upload_folder: path(settings.UPLOAD_FOLDER) ?? join(dataDir, 'uploads'),
    temp_dir: path(settings.TEMP_DIR) ?? join(dataDir, 'work'),
    secret_key: settings.SECRET_KEY ?? null,
    token_minutes: settings.TOKEN_MINUTES,
    refresh_days: settings.REFRESH_DAYS,
    limits: settings.LIMITS,
    max_content_length: settings.MAX_CONTENT_LENGTH,
    worker_concurrency: settings.WORKER_CONCURRENCY,
    ffmpeg_path: settings.FFMPEG_PATH ?? null,
    web_dir: path(settings.WEB_DIR),
    demo: settings.DEMO,
    metrics_token: settings.METRICS_TOKEN ?? null,
    log_level: settings.LOG_LEVEL,
  };
}

/** SQLAlchemy's way of writing it: three slashes and a relative path, four for an absolute one. */
function databasePath(url: string | undefined, dataDir: string): { path: string } | { refusal: string } {
  if (url === undefined) {
    return { path: join(dataDir, 'app.db') };
  }
  if (/^postgres(ql)?(\+\w+)?:/.test(url)) {
    return { refusal: 'PostgreSQL is not available in this version; leave the setting out for SQLite' };
  }
  const path = /^sqlite:\/\/\/(.+)$/.exec(url)?.[1];
  if (path === undefined || path.includes(':memory:') || path.includes('?')) {
    return { refusal: 'expected the path of a file, as sqlite:///./app.db' };
  }
  return { path: resolve(path) };
}

function allowedHosts(settings: Settings, host: string): string[] | null {
  if (settings.ALLOWED_HOSTS?.includes('*')) {
    return null;
  }
  if (settings.ALLOWED_HOSTS !== undefined) {
    return settings.ALLOWED_HOSTS.map((name) => name.toLowerCase());
  }
  const publicHost = settings.PUBLIC_URL === undefined ? [] : [new URL(settings.PUBLIC_URL).hostname.replace(/^\[|\]$/g, '')];
  // A phone in the same network tries out a developer's server.
  const isOpen = settings.NODE_ENV !== 'production' && !LOOPBACK.includes(host);
  return [...new Set([...publicHost, ...LOOPBACK, ...(isOpen ? ownNames() : [])])].map((name) => name.toLowerCase());
}

function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address));
  return [hostname(), ...addresses];
}

function trustProxy(text: string): Config['trust_proxy'] {
  if (text === 'off') {
    return false;
  }
  return /^\d$/.test(text) ? Number(text) : list().parse(text);
}

/** An address, a network, or one of the names that Fastify's proxy-addr knows. */
function isAddress(text: string): boolean {
  return /^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(text) || ['loopback', 'linklocal', 'uniquelocal'].includes(text);
}

function secretsOf(setting: string): string[] {
  return list().parse(setting).map(secretOf);
}

function secretOf(entry: string): string {
  return /^[A-Za-z0-9_-]{1,32}:(.+)$/.exec(entry)?.[1] ?? entry;
}

/** Words that stand in examples, or hardly any different characters. */
function isGuessable(secret: string): boolean {
  return (
    /change.?(me|this|in.?prod)|your.?(super.?)?secret|secret.?key|example|insecure|default|password/i.test(secret) ||
    new Set(secret).size < 8
  );
}

function presetOf(schema: z.ZodType): string {
  const preset = schema.parse(undefined);
  const text = Array.isArray(preset) ? preset.join(',') : typeof preset === 'boolean' ? (preset ? 'on' : 'off') : String(preset);
  return `\`${text}\``;
}
