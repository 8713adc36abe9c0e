/** Draws the pictures of the phones' app from `client/public/favicon.svg` into `client/assets`: `node scripts/app-icons.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const ROOT = resolve(import.meta.dirname, '..');
/** The mark's own box. */
const BOX = 48;

interface Picture {
  file: string;
  pixels: number;
  /** Width of the mark as a share of the picture: Android shows a circle of 66/108 of its layers, and two thirds of a splash picture. */
  share: number;
  /** The stage with its lamp; without it the picture is transparent. */
  stage?: boolean;
  /** One colour for all, where the system colours the shape itself. */
  ink?: string;
}

const PICTURES: readonly Picture[] = [
  { file: 'icon.png', pixels: 1024, share: 0.66, stage: true },
  { file: 'icon-foreground.png', pixels: 1024, share: 0.46 },
  { file: 'icon-monochrome.png', pixels: 1024, share: 0.46, ink: '#ffffff' },
  { file: 'splash.png', pixels: 800, share: 0.5 },
  { file: 'notification.png', pixels: 96, share: 0.92, ink: '#ffffff' },
];

const STAGE = `<defs><radialGradient id="lamp" cx="50%" cy="18%" r="92%"><stop offset="0" stop-color="#6b4bd8"/>
<stop offset="0.55" stop-color="#2a1a5e"/><stop offset="1" stop-color="#160d33"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#lamp)"/>`;

const favicon = await readFile(join(ROOT, 'client/public/favicon.svg'), 'utf8');
const mark = favicon.replace(/<title>.*<\/title>/, '').replace(/^<svg[^>]*>|<\/svg>\s*$/g, '');

for (const picture of PICTURES) {
  const png = new Resvg(draw(picture), { fitTo: { mode: 'width', value: picture.pixels } }).render().asPng();
  await writeFile(join(ROOT, 'client/assets', picture.file), png);
  console.log(picture.file, `${picture.pixels} px`, `${png.length} bytes`);
}

function draw({ share, stage = false, ink }: Picture): string {
  const inked = ink === undefined ? mark : mark.replace(/fill="[^"]*"/g, `fill="${ink}"`);
  const margin = (BOX / share - BOX) / 2;
  // The mark's weight lies a little below the middle of its box.
  const shape = `<g transform="translate(${margin} ${margin - 1})">${inked}</g>`;
  const size = BOX / share;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}">${stage ? STAGE : ''}${shape}</svg>`;
}
