/** Draws the pictures of the app, of phones and of the web, from `client/public/favicon.svg`: `node scripts/app-icons.ts`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const ROOT = resolve(import.meta.dirname, '..');
/** The mark's own box. */
const BOX = 48;

interface Picture {
  /** Below `client/`. */
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
  { file: 'assets/icon.png', pixels: 1024, share: 0.66, stage: true },
  { file: 'assets/icon-foreground.png', pixels: 1024, share: 0.46 },
  { file: 'assets/icon-monochrome.png', pixels: 1024, share: 0.46, ink: '#ffffff' },
  { file: 'assets/splash.png', pixels: 800, share: 0.5 },
  { file: 'assets/notification.png', pixels: 96, share: 0.92, ink: '#ffffff' },
  { file: 'public/icons/icon-192.png', pixels: 192, share: 0.7, stage: true },
  { file: 'public/icons/icon-512.png', pixels: 512, share: 0.7, stage: true },
  // Whatever shape a system cuts, the middle four fifths stay (w3.org/TR/appmanifest, "Icon masks and safe zone").
  { file: 'public/icons/maskable-512.png', pixels: 512, share: 0.54, stage: true },
  // iOS rounds the corners itself and paints what is transparent black.
  { file: 'public/icons/apple-touch-icon.png', pixels: 180, share: 0.66, stage: true },
];

const STAGE = `<defs><radialGradient id="lamp" cx="50%" cy="18%" r="92%"><stop offset="0" stop-color="#6b4bd8"/>
<stop offset="0.55" stop-color="#2a1a5e"/><stop offset="1" stop-color="#160d33"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#lamp)"/>`;

const favicon = await readFile(join(ROOT, 'client/public/favicon.svg'), 'utf8');
const mark = favicon.replace(/<title>.*<\/title>/, '').replace(/^<svg[^>]*>|<\/svg>\s*$/g, '');

for (const picture of PICTURES) {
  const png = new Resvg(draw(picture), { fitTo: { mode: 'width', value: picture.pixels } }).render().asPng();
  const path = join(ROOT, 'client', picture.file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, png);
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
