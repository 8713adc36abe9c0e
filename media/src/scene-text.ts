/** Letters for drawn scenes, where this ffmpeg has `drawtext` and the machine a font. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFfmpeg, type Tools } from './ffmpeg.ts';

const FONTS = [
  '/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf',
  '/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold.ttf',
  '/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf',
  '/System/Library/Fonts/Supplemental/Arial Bold.ttf',
  'C:\\Windows\\Fonts\\arialbd.ttf',
];
const LETTERS_A_LINE = 26;
const LINES_MAX = 6;

/** A bold font file that can be drawn with, or null. */
export async function findFont(tools: Tools): Promise<string | null> {
  const font = FONTS.find((path) => existsSync(path));
  if (font === undefined) {
    return null;
  }
  const filters = await runFfmpeg(tools, ['-filters']);
  return / drawtext /.test(filters) ? font : null;
}

/** A filter that writes the lines, wrapped and centred, near the foot of the canvas. Puts text files into `workDir`. */
export async function captionFilter(lines: readonly string[], font: string, workDir: string): Promise<string> {
  const rows = lines.flatMap((line) => wrap(line)).slice(0, LINES_MAX);
  const drawn = rows.map(async (row, index) => {
    const file = join(workDir, `line-${index}.txt`);
    await writeFile(file, row);
    const y = 1180 - (rows.length - index) * 64;
    const look = 'fontsize=40:fontcolor=0xfff6e0:box=1:boxcolor=0x160d33@0.72:boxborderw=14';
    return `drawtext=fontfile=${optionValue(font)}:textfile=${optionValue(file)}:expansion=none:${look}:x=(w-text_w)/2:y=${y}:alpha='clip((t-${(0.2 + index * 0.15).toFixed(2)})*4,0,1)'`;
  });
  return rows.length === 0 ? 'null' : (await Promise.all(drawn)).join(',');
}

/** A path as the value of an option inside a filter graph: escaped once for the option, once for the graph. */
export function optionValue(path: string): string {
  const option = path.replace(/[\\':]/g, (letter) => `\\${letter}`);
  return option.replace(/[\\'[\],;]/g, (letter) => `\\${letter}`);
}

function wrap(line: string): string[] {
  const rows: string[] = [];
  for (const word of line.split(/\s+/).filter((part) => part !== '')) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LETTERS_A_LINE) {
      rows[rows.length - 1] = `${last} ${word}`;
    } else {
      rows.push(word);
    }
  }
  return rows;
}
