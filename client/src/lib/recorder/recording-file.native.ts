/** Takes a recording out of the cache, which the system may empty, the moment it is finished. */
import { Directory, File, Paths } from 'expo-file-system';
import { hasMovieBox } from './mp4-boxes.ts';
import type { ClipSource } from './recorder.types.ts';

const FOLDER = 'recordings';

export interface KeptRecording {
  source: ClipSource;
  media_type: 'video/mp4';
  size_bytes: number;
  /** False when the encoder was cut off: such a file cannot be played. */
  isWhole: boolean;
}

/** Moves the file at a plain path into the document folder and looks whether it was finished. */
export function keepRecording(filePath: string): KeptRecording {
  const folder = new Directory(Paths.document, FOLDER);
  folder.create({ idempotent: true, intermediates: true });
  const file = new File(filePath.startsWith('file://') ? filePath : `file://${filePath}`);
  const kept = new File(folder, file.name);
  file.moveSync(kept, { overwrite: true });
  return { source: { kind: 'file', uri: kept.uri }, media_type: 'video/mp4', size_bytes: kept.size, isWhole: isWhole(kept) };
}

function isWhole(file: File): boolean {
  const handle = file.open();
  try {
    return hasMovieBox((offset, length) => {
      handle.offset = offset;
      return handle.readBytes(length);
    }, file.size);
  } finally {
    handle.close();
  }
}
