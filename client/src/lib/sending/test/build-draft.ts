/** Drafts and answers for tests: say what matters, the rest is filled in. */
import type { Clip, OwnChallenge } from '@2t1l/contract/schemas';
import { type ClipSending, type Draft, freshWait, type LocalClip, newClip, newDraft, type Take } from '../draft.ts';

export function buildTake(take_id = 'take', overrides: Partial<Take> = {}): Take {
  return { take_id, media_type: 'video/mp4', duration_seconds: 12, width: 720, height: 1280, size_bytes: 1000, ...overrides };
}

export function buildClip(take_id: string, sending: ClipSending = freshWait(), overrides: Partial<LocalClip> = {}): LocalClip {
  return { ...newClip(buildTake(take_id), null), sending, ...overrides };
}

export function buildDraft(overrides: Partial<Draft> = {}): Draft {
  return { ...newDraft('draft', 0), ...overrides };
}

export function buildServerClip(overrides: Partial<Clip> = {}): Clip {
  return {
    id: 'clip',
    segment_index: 0,
    status: 'ready',
    reasons: [],
    notices: [],
    duration_seconds: 12,
    width: 720,
    height: 1280,
    size_bytes: 900,
    ...overrides,
  };
}

export function buildChallenge(overrides: Partial<OwnChallenge> = {}): OwnChallenge {
  const time = '2026-11-01T12:00:00.000Z';
  return {
    id: 'challenge',
    author: { id: 'player', username: 'maya', is_house: false },
    status: 'draft',
    title: '',
    prompt: null,
    statements: [null, null, null],
    segments: [],
    video_url: null,
    poster_url: null,
    commitment: null,
    guess_count: 0,
    created_at: time,
    published_at: null,
    updated_at: time,
    has_guessed: false,
    is_author: true,
    audience: 'public',
    transition: 'none',
    story: null,
    clips: [],
    lie_index: null,
    failure: null,
    ...overrides,
  };
}
