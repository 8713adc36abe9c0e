import type { SaveAsFile } from './save-as-file.types.ts';

/** The browser reads the address after the click; until then the bytes must stay. */
const PATIENCE_MS = 60_000;

export const saveAsFile: SaveAsFile = ({ source, media_type }, name) => {
  if (source.kind !== 'blob') {
    return;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(source.blob);
  link.download = `${name}.${media_type === 'video/webm' ? 'webm' : 'mp4'}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE_MS);
};
