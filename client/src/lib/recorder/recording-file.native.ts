/** The files of recordings: below the app's document folder from the first byte on, as the system may empty the cache. */
import { nanoid } from '@reduxjs/toolkit';
import { Directory, File, Paths } from 'expo-file-system';
import { findMovieBox } from './mp4-boxes.ts';
import { mp4Facts } from './mp4-facts.ts';
import type { FinishedClip } from './recorder.types.ts';

const FOLDER = 'recordings';
/** A minute's `moov` takes some 50 KB; what is larger than this is none of ours. */
const MOVIE_BYTES_MAX = 8_000_000;

let hasBegun = false;

/** A plain path for a recording that begins. `name` says where the take belongs, should the app end before the recording does. Throws on a full device. */
export function newRecordingPath(name: string): string {
  hasBegun = true;
  return decodeURIComponent(new File(madeFolder(), `${name}.${nanoid()}.mp4`).uri.replace('file://', ''));
}

/** Whole recordings that an app which was killed has left, with their files' names; what plays nowhere is deleted. None once this app records itself. */
export function leftRecordings(): { name: string; clip: FinishedClip }[] {
  const folder = new Directory(Paths.document, FOLDER);
  const files = folder.exists && !hasBegun ? folder.list().filter((entry) => entry instanceof File) : [];
  return files.flatMap((file) => {
    try {
      const clip = keepRecording(file.uri);
      return clip === null ? [] : [{ name: file.name, clip }];
    } catch {
      // Cannot be read now: looked at again at the next start.
      return [];
    }
  });
}

/**
 * Keeps the file at a plain path in the document folder, if it plays: an encoder that was cut off may leave no `moov`. It is deleted
 * then, and null comes back, as for a file that is not there. Throws when the file cannot be moved.
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
  const kept = new File(madeFolder(), file.name);
  if (!kept.exists) {
    file.moveSync(kept);
  }
  const { duration_seconds, width, height } = facts;
  return { source: { kind: 'file', uri: kept.uri }, media_type: 'video/mp4', size_bytes: kept.size, duration_seconds, width, height };
}

function madeFolder(): Directory {
  const folder = new Directory(Paths.document, FOLDER);
  folder.create({ idempotent: true, intermediates: true });
  return folder;
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
