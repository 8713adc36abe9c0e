import { openAsBlob } from 'node:fs';
import { type Clip, UploadAnswer } from '@2t1l/contract/schemas';
import { expect } from 'vitest';
import type { Api } from './api.ts';

/** Posts a clip in the form field `video`, as the specification's own test does. `prefix` may be empty. */
export async function postClip(api: Api, id: string, path: string, segmentIndex?: number, prefix = '/api/v1'): Promise<Response> {
  const form = new FormData();
  if (segmentIndex !== undefined) {
    form.set('segment_index', String(segmentIndex));
  }
  form.set('video', await openAsBlob(path, { type: 'video/mp4' }), 'clip.mp4');
  return api.fetch(`${prefix}/challenges/${id}/upload`, { method: 'POST', body: form });
}

/** `postClip` that must be taken. */
export async function uploadClip(api: Api, id: string, path: string, segmentIndex?: number): Promise<Clip> {
  const response = await postClip(api, id, path, segmentIndex);
  const body: unknown = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(202);
  return UploadAnswer.parse(body).clip;
}
