/** The numbers of the rule book. Sizes in bytes, times in seconds unless the name says otherwise. */

export const CLIPS_PER_CHALLENGE = 3;

/** Largest clip as uploaded, the file itself. */
export const CLIP_MAX_BYTES = 104_857_600;
export const CLIP_MIN_SECONDS = 1;
/** What a recorder stops at. */
export const CLIP_MAX_SECONDS = 60;
/** What the check still accepts: a recorder that stops at 60 s may write a few frames more. */
export const CLIP_ACCEPTED_SECONDS = 60.5;
export const CLIP_MAX_WIDTH = 4096;
export const CLIP_MAX_HEIGHT = 2304;

/** The canvas of every merged video, portrait. */
export const CANVAS_WIDTH = 720;
export const CANVAS_HEIGHT = 1280;
export const CANVAS_MAX_FPS = 30;
/** A minute of merged video that weighs more than this is heavy: a slim rendition takes its place when the workers are idle. */
export const VIDEO_MINUTE_BYTES = 5_000_000;

export const UPLOAD_CHUNK_BYTES = 5 * 1024 * 1024;

export const EMAIL_MAX = 255;
export const USERNAME_MIN = 3;
export const USERNAME_MAX = 50;
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 200;
export const TITLE_MAX = 255;
export const PROMPT_MAX = 200;
export const STORY_MAX = 2000;
export const STATEMENT_MAX = 200;

/** Challenges that are not published yet: how many of them a player may have at a time, and the bytes of their clips as uploaded. */
export const DRAFTS = { most: 20, bytes: 2_000_000_000 } as const;
/** Guests are made at will, so they get a fifth: room for one challenge of the largest clips. */
export const GUEST_DRAFTS = { most: 4, bytes: 400_000_000 } as const;

/** Youngest player who may publish. */
export const AGE_MIN_YEARS = 13;

/** Clips outlive the publishing by this long; after that only the merged video stays. */
export const CLIPS_KEPT_HOURS = 24;

export const PAGE_MAX = 50;
export const PAGE_DEFAULT = 20;
