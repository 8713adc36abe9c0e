/** The author's words, here and on the server: what differs, and whose word counts where both have changed. */
import type { OwnChallenge, PatchChallengeBody } from '@2t1l/contract/schemas';
import type { DraftText } from './draft.ts';

/** Nothing written, nothing chosen: what both sides began with. */
export const NO_TEXT: DraftText = {
  title: '',
  prompt: null,
  statements: ['', '', ''],
  story: '',
  lie_index: null,
  audience: 'public',
  transition: 'none',
};

const FIELDS = Object.keys(NO_TEXT) as (keyof DraftText)[];

/** A draft's texts, without the rest of it. */
export function textOf(draft: DraftText): DraftText {
  return Object.fromEntries(FIELDS.map((field) => [field, draft[field]])) as unknown as DraftText;
}

/** What the server calls a challenge whose author has given no title; `createdAt` is RFC 3339. */
export function filledInTitle(prompt: string | null, createdAt: string): string {
  return prompt ?? `Challenge of ${createdAt.slice(0, 'YYYY-MM-DD'.length)}`;
}

/** A challenge's texts as a draft holds them. A title that the server has filled in is none of the author's. */
export function textOfChallenge(challenge: OwnChallenge): DraftText {
  const { title, prompt, statements, story, lie_index, audience, transition, created_at } = challenge;
  const isFilledIn = title === prompt || title === filledInTitle(null, created_at);
  const [a, b, c] = statements.map((line) => line ?? '');
  return {
    title: isFilledIn ? '' : title,
    prompt,
    statements: [a ?? '', b ?? '', c ?? ''],
    story: story ?? '',
    lie_index,
    audience,
    transition,
  };
}

/**
 * Three-way, field by field and line by line: what only one side has changed since `base` is taken; where both have, the later edit.
 * What differs only in how the contract writes it (blanks at an end) is not a change: nobody's cursor jumps.
 */
export function mergeTexts(base: DraftText, mine: DraftText, theirs: DraftText, isMineLater: boolean): DraftText {
  const pick = <T>(before: T, here: T, there: T): T => {
    if (isSame(there, before) || isSame(there, here)) {
      return here;
    }
    return isSame(here, before) || !isMineLater ? there : here;
  };
  const line = (index: 0 | 1 | 2) => pick(base.statements[index], mine.statements[index], theirs.statements[index]);
  return {
    title: pick(base.title, mine.title, theirs.title),
    prompt: pick(base.prompt, mine.prompt, theirs.prompt),
    statements: [line(0), line(1), line(2)],
    story: pick(base.story, mine.story, theirs.story),
    lie_index: pick(base.lie_index, mine.lie_index, theirs.lie_index),
    audience: pick(base.audience, mine.audience, theirs.audience),
    transition: pick(base.transition, mine.transition, theirs.transition),
  };
}

/** The fields that the server has not heard of yet, as the contract takes them; an empty body where there are none. */
export function unsentText(draft: DraftText, known: DraftText | null): PatchChallengeBody {
  const [now, before] = [bodyOf(draft), bodyOf(known ?? NO_TEXT)];
  const changed = FIELDS.filter((field) => JSON.stringify(now[field]) !== JSON.stringify(before[field]));
  return Object.fromEntries(changed.map((field) => [field, now[field]]));
}

/** No control characters in a line, nothing instead of an empty one. */
function bodyOf(text: DraftText): PatchChallengeBody {
  const story = text.story.replace(/[^\P{Cc}\n\t]/gu, ' ').trim();
  return {
    title: line(text.title),
    prompt: text.prompt === null ? null : line(text.prompt) || null,
    statements: text.statements.map((words) => line(words) || null),
    story: story || null,
    audience: text.audience,
    transition: text.transition,
    lie_index: text.lie_index,
  };
}

function line(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ').trim();
}

function isSame(a: unknown, b: unknown): boolean {
  return written(a) === written(b);
}

function written(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value;
}
