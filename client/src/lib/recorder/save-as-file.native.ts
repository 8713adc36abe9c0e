import type { SaveAsFile } from './save-as-file.types.ts';

export const saveAsFile: SaveAsFile = null;
