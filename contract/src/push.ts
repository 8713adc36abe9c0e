/** Push notifications: the device that asks for them, and what it wants to hear. */
import { z } from 'zod';

export const PUSH_KINDS = ['expo', 'web'] as const;
/** Languages that a notification speaks. */
export const PUSH_LANGUAGES = ['en', 'de'] as const;

export const PushWants = z
  .strictObject({
    published: z.boolean().meta({ description: 'My challenge is out' }),
    failed: z.boolean().meta({ description: 'A step of my challenge failed, or a clip was refused' }),
    guessed: z.boolean().meta({ description: 'Somebody guessed my challenge: the first at once, then at most once an hour' }),
    digest: z.boolean().meta({ description: 'Once a week: how many new challenges there are' }),
  })
  .meta({ id: 'PushWants' });

/** Base64url of so many bytes, without padding. */
const bytes = (count: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((count * 4) / 3)}}$`), `base64url of ${count} bytes`);

/** RFC 8030 and 8291: where the browser's push service listens, and the keys with which only this browser reads. */
const Subscription = z.strictObject({
  endpoint: z.url({ protocol: /^https$/ }).max(1000),
  keys: z.strictObject({ p256dh: bytes(65), auth: bytes(16) }),
});

const isWhole = ({ kind, token, subscription }: { kind: 'expo' | 'web'; token?: unknown; subscription?: unknown }) =>
  kind === 'expo' ? token !== undefined && subscription === undefined : subscription !== undefined && token === undefined;

export const PushTokenBody = z
  .strictObject({
    kind: z.enum(PUSH_KINDS),
    token: z
      .string()
      .max(200)
      .regex(/^Expo(nent)?PushToken\[[\w-]+\]$/, 'an Expo push token')
      .optional(),
    subscription: Subscription.optional(),
    language: z.enum(PUSH_LANGUAGES),
    wants: PushWants,
  })
  .refine(isWhole, { message: 'expo comes with `token`, web with `subscription`', path: ['kind'] })
  .meta({ id: 'PushTokenBody' });

export const PushState = z
  .object({
    kinds: z.array(z.enum(PUSH_KINDS)).meta({ description: 'What this server sends to; empty where it sends nothing' }),
    web_key: z.string().nullable().meta({ description: 'Key that a browser subscribes with (VAPID, base64url)' }),
    device: z
      .object({ kind: z.enum(PUSH_KINDS), language: z.enum(PUSH_LANGUAGES), wants: PushWants })
      .nullable()
      .meta({ description: 'What the device of this session gets; null: nothing' }),
  })
  .meta({ id: 'PushState' });

export type PushWants = z.output<typeof PushWants>;
export type PushTokenBody = z.output<typeof PushTokenBody>;
export type PushState = z.output<typeof PushState>;
