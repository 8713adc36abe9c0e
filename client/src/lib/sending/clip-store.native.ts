/** Clips of a phone: one file a take. Names are relative to the app's document folder, whose own path changes with every update. */
import { Directory, File, Paths } from 'expo-file-system';
import type { ClipStore } from './clip-store.types.ts';

const FOLDER = 'clips';

export const clipStore: ClipStore = {
  async put(takeId, source) {
    if (source.kind !== 'file') {
      throw new TypeError('a phone keeps files');
    }
    new Directory(Paths.document, FOLDER).create({ idempotent: true, intermediates: true });
    new File(source.uri).moveSync(fileOf(takeId), { overwrite: true });
  },
  async playable(takeId) {
    const file = fileOf(takeId);
    return file.exists ? { uri: file.uri, release: () => undefined } : null;
  },
  async sendable(takeId) {
    const file = fileOf(takeId);
    return file.exists ? { uri: file.uri, size: file.size } : null;
  },
  async remove(takeId) {
    const file = fileOf(takeId);
    if (file.exists) {
      file.delete();
    }
  },
};

function fileOf(takeId: string): File {
  return new File(Paths.document, FOLDER, `${takeId}.mp4`);
}
