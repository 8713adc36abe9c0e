import { createHash } from 'node:crypto';
import { FFPROBE, run } from './run.ts';

export interface VideoFacts {
  streams: { codec_type: string; codec_name: string; width?: number; height?: number; duration: string }[];
  format: { duration: string; tags?: Record<string, string> };
  chapters: { start_time: string; end_time: string; tags?: Record<string, string> }[];
}

/** What ffprobe says of a file. */
export async function probe(path: string): Promise<VideoFacts> {
  const out = await run(FFPROBE, ['-v', 'error', '-print_format', 'json', '-show_streams', '-show_format', '-show_chapters', path]);
  return JSON.parse(out) as VideoFacts;
}

/** Decodes the whole file; throws with the decoder's first complaint. */
export async function decodeWhole(ffmpeg: string, path: string): Promise<void> {
  await run(ffmpeg, ['-v', 'error', '-xerror', '-nostdin', '-i', path, '-f', 'null', '-']);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
