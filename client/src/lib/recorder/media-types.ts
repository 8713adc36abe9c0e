/** Which container and codecs a browser is asked to record. */

/**
 * Best first. H.264 with AAC is what the server keeps as it came; H.264 with Opus costs it the sound only. Level 3.1 is the
 * lowest that holds 720x1280 at 30 fps (H.264 Table A-1). A bare `video/mp4` may be VP9, and webm is the last resort.
 */
export const MEDIA_TYPES = [
  'video/mp4;codecs=avc1.42E01F,mp4a.40.2',
  'video/mp4;codecs=avc1.42E01F,opus',
  'video/mp4;codecs=avc1,mp4a.40.2',
  'video/mp4;codecs=avc1,opus',
  'video/mp4',
  'video/webm;codecs=h264,opus',
  'video/webm;codecs=vp9,opus',
  'video/webm;codecs=vp8,opus',
  'video/webm',
] as const;

/** The first type that the browser says it can record, or null. */
export function pickMediaType(isSupported: (type: string) => boolean): string | null {
  return MEDIA_TYPES.find((type) => isSupported(type)) ?? null;
}

/** `video/mp4;codecs=…` without its codecs. */
export function containerOf(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}
