import { File } from 'expo-file-system';
import type { FileReader, FileSource } from 'tus-js-client';

/** Reads one chunk at a time from disk: tus' own reader takes a whole clip into memory on React Native. */
export const fileReader: FileReader | null = {
  async openFile(input: { uri: string; size: number }): Promise<FileSource> {
    const handle = new File(input.uri).open();
    return {
      size: input.size,
      async slice(start, end) {
        handle.offset = start;
        // tus compares sizes only when `done` is set, and by a `size` that bytes do not have.
        return { value: handle.readBytes(Math.min(end, input.size) - start), done: false };
      },
      close: () => handle.close(),
    };
  },
};
