import type { FileReader } from 'tus-js-client';

/** A browser slices Blobs by itself; tus' own reader does it. */
export const fileReader: FileReader | null = null;
