/** Takes a recording out of the cache, which the system may empty, the moment it is finished. */
import { Directory, File, Paths } from 'expo-file-system';
import { findMovieBox } from './mp4-boxes.ts';
import { mp4Facts } from './mp4-facts.ts';
import type { FinishedClip } from './recorder.types.ts';

const FOLDER = 'recordings';
/** A minute's `moov` takes some 50 KB; what is larger than this is none of ours. */
const MOVIE_BYTES_MAX = 8_000_000;

/**
 * Moves the file at a plain path into the document folder, if it was finished: an encoder that was cut off leaves no `moov`, and such a
 * file plays nowhere. It is deleted then, and null comes back, as for a file that is not there. Throws when the file cannot be moved.
 */
export function keepRecording(filePath: string): FinishedClip | null {
  const file = new File(filePath.startsWith('file://') ? filePath : `file://${filePath}`);
  if (!file.exists) {
    return null;
  }
  const facts = factsOf(file);
  if (facts === null) {
    file.delete();
    return null;
  }
  const folder = new Directory(Paths.document, FOLDER);
  folder.create({ idempotent: true, intermediates: true });
  const kept = new File(folder, file.name);
  file.moveSync(kept, { overwrite: true });
  const { duration_seconds, width, height } = facts;
  return { source: { kind: 'file', uri: kept.uri }, media_type: 'video/mp4', size_bytes: kept.size, duration_seconds, width, height };
}

/** Room left on the device; null when the system does not say. */
export function freeBytes(): number | null {
  try {
    return Paths.availableDiskSpace;
  } catch {
    return null;
  }
}

function factsOf(file: File) {
  const handle = file.open();
  const readAt = (offset: number, length: number) => {
    handle.offset = offset;
    return handle.readBytes(length);
  };
  try {
    const box = findMovieBox(readAt, file.size);
    return box === null || box.size > MOVIE_BYTES_MAX ? null : mp4Facts(readAt(box.offset, box.size));
  } finally {
    handle.close();
  }
}
