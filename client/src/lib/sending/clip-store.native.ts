/** Clips of a phone: one file a take, beside it what it is. Names are relative to the app's document folder, whose own path changes with every update. */
import { Directory, File, Paths } from 'expo-file-system';
import { leftRecordings } from '../recorder/recording-file.native.ts';
import type { ClipStore, StoredTake } from './clip-store.types.ts';
import { placeOfFile } from './take-name.ts';

const FOLDER = 'clips';

export const clipStore: ClipStore = {
  // A phone's recorder writes its own file; what a kill leaves of it is taken in by `list`.
  addPiece: async () => undefined,
  async put(source, stored) {
    if (source.kind !== 'file') {
      throw new TypeError('a phone keeps files');
    }
    const { take_id } = stored.take;
    folder().create({ idempotent: true, intermediates: true });
    // A full disk has no room for the note; a file that only changes its folder needs none.
    writeNote(stored);
    if (new File(source.uri).exists) {
      new File(source.uri).moveSync(fileOf(take_id), { overwrite: true });
    }
  },
  hold: (source, stored) => clipStore.put(source, stored),
  async playable(takeId) {
    const file = fileOf(takeId);
    return file.exists ? { uri: file.uri, release: () => undefined } : null;
  },
  async sendable(takeId) {
    const file = fileOf(takeId);
    return file.exists ? { uri: file.uri, size: file.size } : null;
  },
  async remove(takeId) {
    for (const file of [fileOf(takeId), new File(folder(), `${takeId}.json`)]) {
      if (file.exists) {
        file.delete();
      }
    }
  },
  async list() {
    for (const { name, clip } of leftRecordings()) {
      const { source, ...facts } = clip;
      const { take_id, ...place } = placeOfFile(name);
      // One that cannot be taken in now is there at the next start too.
      await clipStore.put(source, { ...place, take: { take_id, ...facts } }).catch(() => undefined);
    }
    const entries = folder().exists ? folder().list() : [];
    const notes = entries.filter((entry) => entry instanceof File && entry.name.endsWith('.json')) as File[];
    return notes.flatMap((note) => parse(note.textSync())).filter(({ take }) => fileOf(take.take_id).exists);
  },
};

function folder(): Directory {
  return new Directory(Paths.document, FOLDER);
}

function fileOf(takeId: string): File {
  return new File(folder(), `${takeId}.mp4`);
}

function writeNote(stored: StoredTake): void {
  try {
    new File(folder(), `${stored.take.take_id}.json`).write(JSON.stringify(stored));
  } catch {
    // The draft names the take all the same.
  }
}

/** Only this file writes them; one that was cut off is passed over. */
function parse(text: string): StoredTake[] {
  try {
    return [JSON.parse(text) as StoredTake];
  } catch {
    return [];
  }
}
