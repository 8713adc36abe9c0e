/** The settings of the environment: names, forms, defaults and meanings. `config.ts` makes of them what the program is told. */
import { availableParallelism as cores } from 'node:os';
import { z } from 'zod';

const CORES_MAX = 16;

/** Entries between commas. */
export const list = () =>
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

/** Every setting; `shown` is the default as the table says it, where it depends on another setting. */
export const SCHEMA = z.object({
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
  WORKER_CONCURRENCY: whole(1, 64, Math.min(cores(), CORES_MAX) + 1).meta({
    description: 'Steps that a worker runs at once, two at least; one hand is kept free of what encodes, so that no merge waits behind it.',
    shown: `one more than processor cores, at most ${CORES_MAX + 1}`,
  }),
  SURE_CONFIDENCE: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'expected a number from 0 to 1')
    .transform(Number)
    .default(0.6)
    .meta({ description: 'Tells: a picture whose largest score of the face is below counts as unsure (docs/tells.md says why 0.6).' }),
  FFMPEG_PATH: z
    .string()
    .optional()
    .meta({ description: 'The `ffmpeg` to use; `ffprobe` is expected beside it.', shown: 'found on the `PATH`' }),
  WEB_DIR: z.string().optional().meta({ description: 'Folder with the built web app, served at `/`.', shown: 'none; `npm start` sets it' }),
  DEMO: flag('off').meta({ description: '`on` puts example challenges into an empty server.', shown: '`off`; `npm start` sets `on`' }),
  MIN_CLIENT_VERSION: z
    .string()
    .regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, 'expected a version such as 1.4.0')
    .optional()
    .meta({
      description: 'The oldest version of the app that may still call; an older one is told to update (426 `update_required`).',
      shown: 'none: every version may',
    }),
  ANDROID_CERT_FINGERPRINTS: list()
    .transform((prints) => prints.map((print) => print.toUpperCase()))
    .pipe(z.array(z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/, 'expected SHA-256 fingerprints such as AB:CD:…, 32 bytes each')))
    .default([])
    .meta({
      description: 'Fingerprints of the certificates that sign the Android app: it may open links to challenges (docs/mobile.md).',
      shown: 'none: links open in the browser',
    }),
  APPLE_TEAM_ID: z
    .string()
    .regex(/^[0-9A-Z]{10}$/, 'expected the ten letters and digits of an Apple team')
    .optional()
    .meta({ description: 'Team of the iOS app: it may open links to challenges.', shown: 'none: links open in the browser' }),
  PUSH: z.enum(['on', 'off']).optional().meta({
    description:
      'Whether notifications are sent to phones (over Expo) and browsers (Web Push), to those who ask for them. `on` needs a `PUBLIC_URL` with https, which the push services are told.',
    shown: '`on` in production where `PUBLIC_URL` is https, else `off`',
  }),
  VAPID_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'expected the private key, 32 bytes in base64url')
    .optional()
    .meta({
      description: 'Private key that signs what is sent to browsers; with another one nobody who asked before hears anything any more.',
      shown: 'made at the first start, kept in `DATA_DIR/vapid.key`',
    }),
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
/** What the environment says, before what follows from it. */
export type Settings = z.output<typeof SCHEMA>;

/** The settings as a Markdown table: name, default, meaning. */
export function settingsTable(): string {
  const rows = Object.entries(SCHEMA.shape).map(([name, schema]) => {
    const { description, shown } = schema.meta() ?? {};
    return `| \`${name}\` | ${typeof shown === 'string' ? shown : presetOf(schema)} | ${description} |`;
  });
  return ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** An address, a network, or one of the names that Fastify's proxy-addr knows. */
function isAddress(text: string): boolean {
  return /^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(text) || ['loopback', 'linklocal', 'uniquelocal'].includes(text);
}

function presetOf(schema: z.ZodType): string {
  const preset = schema.parse(undefined);
  const text = Array.isArray(preset) ? preset.join(',') : typeof preset === 'boolean' ? (preset ? 'on' : 'off') : String(preset);
  return `\`${text}\``;
}
