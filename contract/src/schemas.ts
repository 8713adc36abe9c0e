/** What crosses the wire, each written once. Requests are strict (unknown fields are refused), answers are allow-lists. */
import { AUDIENCES, CLIP_STATES, NOTICES, REFUSALS, STATUSES, STEPS, TRANSITIONS } from '@2t1l/game/challenge';
import {
  CLIPS_PER_CHALLENGE,
  EMAIL_MAX,
  PAGE_DEFAULT,
  PAGE_MAX,
  PASSWORD_MAX,
  PASSWORD_MIN,
  PROMPT_MAX,
  STATEMENT_MAX,
  STORY_MAX,
  TITLE_MAX,
  USERNAME_MAX,
  USERNAME_MIN,
} from '@2t1l/game/limits';
import { z } from 'zod';

/** RFC 9562, 4: written in lower case, read in either. */
export const Id = z.uuid().toLowerCase().meta({ description: 'UUIDv7' });
export const Time = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });
export const SegmentIndexSchema = z.union([z.literal(0), z.literal(1), z.literal(2)]).meta({ id: 'SegmentIndex' });

const Email = z.email().max(EMAIL_MAX);
const Username = z
  .string()
  .min(USERNAME_MIN)
  .max(USERNAME_MAX)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, 'letters, digits, dot, dash and underscore');
const Password = z.string().min(PASSWORD_MIN).max(PASSWORD_MAX);
/** A line of text without control characters; trimmed. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'one line without control characters');
/** Text of several lines; no other control characters. */
const Story = z
  .string()
  .trim()
  .max(STORY_MAX)
  .regex(/^(?:[^\p{Cc}]|[\n\t])*$/u, 'text without control characters');

// --- accounts ---

const ConsentFields = {
  terms: z.boolean().optional(),
  birth_year: z.int().min(1900).max(2100).optional(),
  tells: z.boolean().optional(),
};
export const ConsentsBody = z.strictObject(ConsentFields).meta({ id: 'ConsentsBody' });
export const Consents = z
  .object({ terms_accepted_at: Time.nullable(), birth_year: z.int().nullable(), tells: z.boolean() })
  .meta({ id: 'Consents' });

export const RegisterBody = z
  .strictObject({ email: Email, username: Username, password: Password, ...ConsentFields })
  .meta({ id: 'RegisterBody' });
export const LoginBody = z.strictObject({ email: Email, password: z.string().min(1).max(PASSWORD_MAX) }).meta({ id: 'LoginBody' });
export const RefreshBody = z.strictObject({ refresh_token: z.string().min(1).max(500) }).meta({ id: 'RefreshBody' });
export const ChangePasswordBody = z
  .strictObject({ password: z.string().min(1).max(PASSWORD_MAX), new_password: Password })
  .meta({ id: 'ChangePasswordBody' });

export const Tokens = z
  .object({
    access_token: z.string(),
    token_type: z.literal('bearer'),
    expires_in: z.int().meta({ description: 'Seconds until the access token expires' }),
    refresh_token: z.string().meta({ description: 'Single use; each refresh gives a new one' }),
    player: z.object({ id: Id, username: z.string(), is_guest: z.boolean() }),
  })
  .meta({ id: 'Tokens' });

export const Me = z
  .object({
    id: Id,
    username: z.string(),
    email: z.string().nullable(),
    is_guest: z.boolean(),
    consents: Consents,
    created_at: Time,
    stats: z.object({
      published: z.int(),
      guesses: z.int(),
      correct: z.int(),
      score: z.int().meta({ description: 'Sum of the scores of all guesses' }),
    }),
  })
  .meta({ id: 'Me' });
export const PatchMeBody = z.strictObject({ username: Username.optional() }).meta({ id: 'PatchMeBody' });

export const Session = z
  .object({ id: Id, created_at: Time, last_used_at: Time, user_agent: z.string().nullable(), is_current: z.boolean() })
  .meta({ id: 'Session' });

// --- challenges ---

export const SegmentSchema = z.object({ start_seconds: z.number().min(0), end_seconds: z.number().min(0) }).meta({ id: 'Segment' });

export const Clip = z
  .object({
    id: Id,
    segment_index: SegmentIndexSchema,
    status: z.enum(CLIP_STATES),
    reasons: z.array(z.enum(REFUSALS)),
    notices: z.array(z.enum(NOTICES)),
    duration_seconds: z.number().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    size_bytes: z.int(),
  })
  .meta({ id: 'Clip' });

export const Author = z.object({ id: Id, username: z.string(), is_house: z.boolean() }).meta({ id: 'Author' });

const Statements = z.array(z.string().nullable()).length(CLIPS_PER_CHALLENGE);

const Transition = z.enum(TRANSITIONS).meta({ description: 'What the video shows between two clips; chosen before they are merged' });

const PublicFields = {
  id: Id,
  author: Author,
  status: z.enum(STATUSES),
  title: z.string(),
  prompt: z.string().nullable(),
  statements: Statements,
  segments: z.array(SegmentSchema),
  video_url: z.string().nullable().meta({ description: 'Signed, may be relative, answers byte ranges' }),
  poster_url: z.string().nullable(),
  commitment: z.string().nullable().meta({ description: 'Hex SHA-256 of 32 random bytes and one byte, the lie' }),
  guess_count: z.int(),
  created_at: Time,
  published_at: Time.nullable(),
  has_guessed: z.boolean(),
};

/** A challenge as anybody but its author sees it. */
export const PublicChallenge = z.object({ ...PublicFields, is_author: z.literal(false) }).meta({ id: 'PublicChallenge' });

/** A challenge as its author sees it. */
export const OwnChallenge = z
  .object({
    ...PublicFields,
    is_author: z.literal(true),
    audience: z.enum(AUDIENCES),
    transition: Transition,
    story: z.string().nullable(),
    clips: z.array(Clip),
    lie_index: SegmentIndexSchema.nullable(),
    failure: z.object({ step: z.enum(STEPS), reason: z.string() }).nullable(),
    updated_at: Time,
  })
  .meta({ id: 'OwnChallenge' });

export const Challenge = z.discriminatedUnion('is_author', [PublicChallenge, OwnChallenge]).meta({ id: 'Challenge' });

const ChallengeText = {
  title: line(TITLE_MAX).optional(),
  prompt: line(PROMPT_MAX).nullable().optional(),
  story: Story.nullable().optional(),
  statements: z.array(line(STATEMENT_MAX).nullable()).length(CLIPS_PER_CHALLENGE).optional(),
  audience: z.enum(AUDIENCES).optional(),
  transition: Transition.optional(),
  lie_index: SegmentIndexSchema.nullable().optional(),
};
export const CreateChallengeBody = z.strictObject(ChallengeText).meta({ id: 'CreateChallengeBody' });
export const PatchChallengeBody = z.strictObject(ChallengeText).meta({ id: 'PatchChallengeBody' });
export const PublishBody = z.strictObject({ lie_index: SegmentIndexSchema.optional() }).meta({ id: 'PublishBody' });
export const UploadAnswer = z.object({ clip: Clip }).meta({ id: 'UploadAnswer' });

// --- play ---

export const GuessBody = z
  .strictObject({
    guess: SegmentIndexSchema,
    confidence: z
      .number()
      .min(1 / 3)
      .max(1)
      .optional()
      .meta({ description: 'Chance that the pick is the lie, 1/3 to 1; 2/3 when left out' }),
  })
  .meta({ id: 'GuessBody' });

export const Reveal = z
  .object({
    challenge_id: Id,
    lie_index: SegmentIndexSchema,
    nonce: z.string().meta({ description: '64 hex digits; SHA-256 of these bytes and one byte, the lie, is the commitment' }),
    commitment: z.string(),
    story: z.string().nullable(),
    crowd: z
      .object({ guesses: z.int(), shares: z.array(z.number()).length(CLIPS_PER_CHALLENGE) })
      .meta({ description: 'How many guessed, and which share of them took each statement for the lie' }),
    own: z
      .object({ guess: SegmentIndexSchema, confidence: z.number(), correct: z.boolean(), score: z.int() })
      .nullable()
      .meta({ description: 'The viewer’s own guess; null for the author' }),
  })
  .meta({ id: 'Reveal' });

export const GuessAnswer = z.object({ correct: z.boolean(), score: z.int(), reveal: Reveal }).meta({ id: 'GuessAnswer' });

// --- lists ---

export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
  cursor: z.string().max(200).optional(),
});
/** `new`: published within a week; `unguessed`: nobody has guessed it yet. */
export const FEED_FILTERS = ['all', 'new', 'unguessed'] as const;
export type FeedFilter = (typeof FEED_FILTERS)[number];
export const FeedQuery = PageQuery.extend({ filter: z.enum(FEED_FILTERS).default('all') });
export const page = <T extends z.ZodType>(item: T, id: string) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() }).meta({ id });

export const SessionPage = page(Session, 'SessionPage');

export type Tokens = z.output<typeof Tokens>;
export type Me = z.output<typeof Me>;
export type Session = z.output<typeof Session>;
export type Clip = z.output<typeof Clip>;
export type PublicChallenge = z.output<typeof PublicChallenge>;
export type OwnChallenge = z.output<typeof OwnChallenge>;
export type Challenge = z.output<typeof Challenge>;
export type Reveal = z.output<typeof Reveal>;
export type GuessAnswer = z.output<typeof GuessAnswer>;
export type CreateChallengeBody = z.input<typeof CreateChallengeBody>;
export type PatchChallengeBody = z.input<typeof PatchChallengeBody>;
export type GuessBody = z.input<typeof GuessBody>;
export type RegisterBody = z.input<typeof RegisterBody>;
