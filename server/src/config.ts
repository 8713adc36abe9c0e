/**
 * The environment as typed settings; nothing else reads it. Each setting of the environment (settings.ts) is a property of `Config`
 * under the same name in lower case. The table in docs/configuration.md is made from there (`node scripts/make-docs.ts`).
 */
import { createECDH } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { bareSecret, parseSecrets, type Secret } from './secrets.ts';
import { list, SCHEMA, type Settings } from './settings.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const WEB_DEVELOPMENT = [8000, 8081, 19006].flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]);
/** Of a secret in production. */
const SECRET_LENGTH = 32;

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
  /** The first signs, the others still verify; null: made at the first start. */
  secret_key: readonly Secret[] | null;
  token_minutes: number;
  refresh_days: number;
  limits: boolean;
  max_content_length: number;
  worker_concurrency: number;
  /** A picture whose largest score is below is unsure, 0 to 1. */
  sure_confidence: number;
  ffmpeg_path: string | null;
  web_dir: string | null;
  demo: boolean;
  min_client_version: string | null;
  /** Colon-separated hex bytes, upper case. */
  android_cert_fingerprints: string[];
  apple_team_id: string | null;
  /** Null where no notifications are sent. `contact` is what push services are told of the sender; `key` null: made at the first start. */
  push: { contact: string; key: string | null } | null;
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
  const secrets = settings.SECRET_KEY === undefined ? [] : parseSecrets(settings.SECRET_KEY);
  const isShort = secrets.some(({ secret }) => secret.length < SECRET_LENGTH);
  refuse(
    isProduction && isShort,
    `SECRET_KEY: with NODE_ENV=production each secret needs ${SECRET_LENGTH} characters or more; docs/configuration.md says how to make one`,
  );
  refuse(
    isProduction && !isShort && secrets.some(({ secret }) => isGuessable(secret)),
    'SECRET_KEY: this looks like an example value; with NODE_ENV=production it is refused',
  );
  const bare = secrets.filter(({ id, secret }) => id === bareSecret(secret).id);
  refuse(
    settings.SECRET_KEY !== undefined &&
      (secrets.length === 0 || bare.length > 1 || new Set(secrets.map(({ id }) => id)).size !== secrets.length),
    'SECRET_KEY: each secret of a list needs an id of its own, as in a:secret,b:secret',
  );
  refuse(settings.PUSH === 'on' && !isHttps(settings.PUBLIC_URL), 'PUSH: on needs a PUBLIC_URL with https');
  refuse(settings.VAPID_KEY !== undefined && !isVapidKey(settings.VAPID_KEY), 'VAPID_KEY: this is no private key of P-256');
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
    secret_key: settings.SECRET_KEY === undefined ? null : parseSecrets(settings.SECRET_KEY),
    token_minutes: settings.TOKEN_MINUTES,
    refresh_days: settings.REFRESH_DAYS,
    limits: settings.LIMITS,
    max_content_length: settings.MAX_CONTENT_LENGTH,
    worker_concurrency: settings.WORKER_CONCURRENCY,
    sure_confidence: settings.SURE_CONFIDENCE,
    ffmpeg_path: settings.FFMPEG_PATH ?? null,
    web_dir: path(settings.WEB_DIR),
    demo: settings.DEMO,
    min_client_version: settings.MIN_CLIENT_VERSION ?? null,
    android_cert_fingerprints: settings.ANDROID_CERT_FINGERPRINTS,
    apple_team_id: settings.APPLE_TEAM_ID ?? null,
    push: pushOf(settings),
    metrics_token: settings.METRICS_TOKEN ?? null,
    log_level: settings.LOG_LEVEL,
  };
}

function pushOf(settings: Settings): Config['push'] {
  const preset = settings.NODE_ENV === 'production' && isHttps(settings.PUBLIC_URL) ? 'on' : 'off';
  const contact = settings.PUBLIC_URL;
  return (settings.PUSH ?? preset) === 'on' && contact !== undefined ? { contact, key: settings.VAPID_KEY ?? null } : null;
}

function isHttps(url: string | undefined): boolean {
  return url?.startsWith('https:') ?? false;
}

function isVapidKey(key: string): boolean {
  try {
    createECDH('prime256v1').setPrivateKey(Buffer.from(key, 'base64url'));
    return true;
  } catch {
    return false;
  }
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

/** Words that stand in examples, or hardly any different characters. */
function isGuessable(secret: string): boolean {
  return (
    /change.?(me|this|in.?prod)|your.?(super.?)?secret|secret.?key|example|insecure|default|password/i.test(secret) ||
    new Set(secret).size < 8
  );
}
