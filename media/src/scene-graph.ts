/** Pure: the filter graph of a drawn scene. Every shape is drawn once, as a one-frame sprite, and then only moved. */

/** What changes from scene to scene and from moment to moment. */
export interface Drawing {
  scene: number;
  /** Spans of time with the mouth half and wide open, in seconds. */
  open_mouth: Record<'half' | 'wide', readonly (readonly [number, number])[]>;
  /** Filters for the caption, `null` for none. */
  caption: string;
}

interface Scene {
  skin: string;
  hair: string;
  shirt: string;
  accent: string;
  hairstyle: 'short' | 'bun' | 'curls' | 'long';
}

const GOLD = 'ffc857';
const TEAL = '2ec4b6';
const CORAL = 'ff6b6b';
const DARK = '160d33';

/** The figures. */
export const SCENES: readonly Scene[] = [
  { skin: 'f2c9a0', hair: '3b2314', shirt: TEAL, accent: GOLD, hairstyle: 'bun' },
  { skin: '9c6240', hair: '1b1220', shirt: CORAL, accent: TEAL, hairstyle: 'curls' },
  { skin: 'e0ac7e', hair: '8a4b1f', shirt: GOLD, accent: CORAL, hairstyle: 'short' },
  { skin: 'ffdcc2', hair: 'd9a441', shirt: 'a78bfa', accent: GOLD, hairstyle: 'long' },
  { skin: '6f4228', hair: '120b0b', shirt: TEAL, accent: CORAL, hairstyle: 'short' },
  { skin: 'c98f63', hair: '5c1f2e', shirt: CORAL, accent: GOLD, hairstyle: 'bun' },
];

/** Where the head's sprite (420x460) rests on the canvas. */
const HEAD_X = 150;
const HEAD_Y = 330;

/** The whole graph, ending in `[picture]`: 720x1280, 30 a second, without an end. */
export function drawStage({ scene, open_mouth, caption }: Drawing): string {
  const look = SCENES[((scene % SCENES.length) + SCENES.length) % SCENES.length] ?? (SCENES[0] as Scene);
  const phase = (scene * 1.7).toFixed(2);
  const bob = `${HEAD_Y}+7*sin(2*PI*0.55*t+${phase})+3*sin(2*PI*1.9*t)`;
  const sway = `${HEAD_X}+9*sin(2*PI*0.31*t+${phase})`;
  const moves = `x='${sway}':y='${bob}'`;
  const mouth = (name: 'half' | 'wide') => `enable='${during(open_mouth[name])}'`;
  return [
    backdrop(),
    ...beams(look),
    ...floaters(look, phase),
    ...body(look),
    ...head(look),
    `[beamed2][body]overlay=x='${sway}-${HEAD_X}+40':y='690+4*sin(2*PI*0.55*t+${phase})':eval=frame[s1]`,
    `[s1][head]overlay=${moves}:eval=frame[s2]`,
    ...lids(look),
    `[s2][lids]overlay=${moves}:eval=frame:enable='lt(mod(t+${phase},2.9),0.13)'[s3]`,
    `${sprite({ width: 90, height: 40, color: '7a2436', alpha: 'min(2.6-abs(hypot((X-45)/1.25,Y+14)-36),Y-3)' })},${hold}[smile]`,
    `${sprite({ width: 88, height: 30, color: '5b1a2b', alpha: ellipse(88, 30) })},${hold}[half]`,
    `${sprite({ width: 92, height: 64, color: '5b1a2b', alpha: ellipse(92, 64) })},${hold}[wide]`,
    `[s3][smile]overlay=x='${sway}+165':y='${bob}+312':eval=frame:enable='not(${during([...open_mouth.half, ...open_mouth.wide])})'[s3b]`,
    `[s3b][half]overlay=x='${sway}+166':y='${bob}+320':eval=frame:${mouth('half')}[s4]`,
    `[s4][wide]overlay=x='${sway}+164':y='${bob}+304':eval=frame:${mouth('wide')}[s5]`,
    `[s5]${caption},setsar=1,format=yuv420p[picture]`,
  ].join(';');
}

/** One drawn frame becomes an endless still. */
const hold = 'loop=loop=-1:size=1:start=0,setpts=N/30/TB';

interface Sprite {
  width: number;
  height: number;
  color: string;
  /** Expression over X and Y, 0 to 1. */
  alpha: string;
}

function sprite({ width, height, color, alpha }: Sprite): string {
  const plain = "lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)'";
  return `color=c=0x${color}:s=${width}x${height}:r=30,trim=end_frame=1,format=yuva444p,geq=${plain}:a='255*clip(${alpha},0,1)',format=yuva420p`;
}

/** Coverage of an ellipse that fills a sprite, with an edge of one pixel. */
function ellipse(width: number, height: number): string {
  return disc(width / 2, height / 2, width / 2 - 1, height / 2 - 1);
}

function disc(x: number, y: number, radiusX: number, radiusY: number): string {
  return `(1-hypot((X-${x})/${radiusX},(Y-${y})/${radiusY}))*${Math.min(radiusX, radiusY)}`;
}

/** Curtains, a pool of light behind the figure and one on the floor: computed as a stamp, then enlarged. */
function backdrop(): string {
  const glow = 'exp(-pow(hypot((X-45)/30,(Y-60)/48),2))';
  const floor = '0.75*exp(-pow(hypot((X-45)/34,(Y-132)/9),2))';
  const folds = 'gt(abs(X-45),31)*(0.10+0.10*cos(X*1.55))';
  const light = `clip(0.10+0.80*${glow}+${floor}+${folds},0,1)`;
  // from #160d33 in the dark to #6b4bd8 in full light
  const channel = (dark: number, bright: number) => `${dark}+${bright - dark}*${light}`;
  const geq = `geq=r='${channel(0x16, 0x6b)}':g='${channel(0x0d, 0x4b)}':b='${channel(0x33, 0xd8)}'`;
  return `color=c=0x${DARK}:s=90x160:r=30,trim=end_frame=1,format=gbrp,${geq},scale=720:1280:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv420p,${hold}[stage]`;
}

/** Two beams from above that cross slowly. */
function beams({ accent }: Scene): string[] {
  const cone = 'clip(1-abs(X-100)/(8+Y*0.13),0,1)*(1-Y/640)*0.34';
  const enlarge = `scale=520:1280:flags=bilinear,${hold}`;
  return [
    `${sprite({ width: 200, height: 640, color: 'fff2cc', alpha: cone })},${enlarge}[beamA]`,
    `${sprite({ width: 200, height: 640, color: accent, alpha: cone })},${enlarge}[beamB]`,
    `[stage][beamA]overlay=x='-120+150*sin(2*PI*0.11*t)':y=0:eval=frame[beamed0]`,
    `[beamed0][beamB]overlay=x='320+150*sin(2*PI*0.13*t+2)':y=0:eval=frame[beamed1]`,
  ];
}

/** Confetti lights that rise behind the figure. */
function floaters({ accent }: Scene, phase: string): string[] {
  const dots = [
    { color: accent, size: 26, x: 90, speed: 46, from: 900 },
    { color: CORAL, size: 18, x: 610, speed: 62, from: 400 },
    { color: GOLD, size: 22, x: 560, speed: 38, from: 1100 },
    { color: TEAL, size: 16, x: 150, speed: 70, from: 300 },
  ];
  const last = dots.length - 1;
  return dots.flatMap(({ color, size, x, speed, from }, index) => {
    const [before, after] = [index === 0 ? 'beamed1' : `dots${index - 1}`, index === last ? 'beamed2' : `dots${index}`];
    return [
      `${sprite({ width: size, height: size, color, alpha: `0.8*(${ellipse(size, size)})` })},${hold}[dot${index}]`,
      `[${before}][dot${index}]overlay=x='${x}+26*sin(t*1.3+${index}+${phase})':y='mod(${from + 1320}-t*${speed},1320)-40':eval=frame[${after}]`,
    ];
  });
}

/** Shoulders, neck and a collar in the accent's colour. */
function body({ shirt, skin, accent }: Scene): string[] {
  // a rounded arch with straight sides, longer than the canvas
  const shoulders = '(1-pow(pow(abs(X-320)/300,2.5)+pow(max(0,300-Y)/292,2.5),0.4))*300';
  return [
    `${sprite({ width: 640, height: 620, color: shirt, alpha: shoulders })}[shirt]`,
    `${sprite({ width: 210, height: 110, color: accent, alpha: ellipse(210, 110) })}[collar]`,
    `${sprite({ width: 130, height: 150, color: shade(skin, 0.84), alpha: `min(min(X,129-X),${disc(65, 60, 66, 90)})` })}[neck]`,
    '[shirt][collar]overlay=215:8[bodyA]',
    `[bodyA][neck]overlay=255:-40,${hold}[body]`,
  ];
}

/** Head, hair, ears, eyes, brows, cheeks and nose on one sprite of 420x460. */
function head(look: Scene): string[] {
  const { skin, hair } = look;
  const layers: { sprite: Sprite; x: number; y: number }[] = [
    { sprite: { width: 60, height: 80, color: shade(skin, 0.88), alpha: ellipse(60, 80) }, x: 38, y: 200 },
    { sprite: { width: 60, height: 80, color: shade(skin, 0.88), alpha: ellipse(60, 80) }, x: 322, y: 200 },
    { sprite: { width: 290, height: 360, color: skin, alpha: ellipse(290, 360) }, x: 65, y: 60 },
    { sprite: { width: 64, height: 40, color: CORAL, alpha: `0.45*(1-hypot((X-32)/32,(Y-20)/20))*1.6` }, x: 92, y: 268 },
    { sprite: { width: 64, height: 40, color: CORAL, alpha: `0.45*(1-hypot((X-32)/32,(Y-20)/20))*1.6` }, x: 264, y: 268 },
    ...[118, 238].flatMap((x) => [
      { sprite: { width: 64, height: 72, color: 'ffffff', alpha: ellipse(64, 72) }, x, y: 196 },
      { sprite: { width: 36, height: 40, color: '2a1a4a', alpha: ellipse(36, 40) }, x: x + 14, y: 214 },
      { sprite: { width: 13, height: 13, color: 'ffffff', alpha: ellipse(13, 13) }, x: x + 32, y: 219 },
      { sprite: { width: 78, height: 26, color: hair, alpha: `min(5-abs(hypot((X-39)/1.5,Y-34)-27),24-Y)` }, x: x - 7, y: 164 },
    ]),
    { sprite: { width: 34, height: 24, color: shade(skin, 0.84), alpha: ellipse(34, 24) }, x: 193, y: 272 },
    {
      sprite: { width: 320, height: 210, color: hair, alpha: `min(${disc(160, 175, 156, 170)},(1-hypot((X-160)/175,(Y-262)/150))*-150)` },
      x: 50,
      y: 34,
    },
  ];
  const graph = [`color=c=black@0:s=420x460:r=30,trim=end_frame=1,format=yuva444p[face0]`, ...behind(look)];
  for (const [index, layer] of layers.entries()) {
    const before = index === 0 ? 'faceHair' : `layer${index - 1}`;
    graph.push(
      `${sprite(layer.sprite)}[part${index}]`,
      `[${before}][part${index}]overlay=${layer.x}:${layer.y}:format=auto[layer${index}]`,
    );
  }
  return [...graph, `[layer${layers.length - 1}]${hold}[head]`];
}

/** Hair that lies behind the head. */
function behind({ hair, hairstyle }: Scene): string[] {
  const shapes: Record<Scene['hairstyle'], string> = {
    short: disc(210, 190, 150, 150),
    bun: `max(${disc(210, 62, 66, 60)},${disc(210, 190, 158, 150)})`,
    curls: `max(max(${disc(110, 140, 92, 92)},${disc(310, 140, 92, 92)}),max(${disc(210, 96, 110, 94)},max(${disc(76, 240, 66, 70)},${disc(344, 240, 66, 70)})))`,
    long: `max(${disc(210, 190, 166, 168)},max(${disc(76, 300, 48, 150)},${disc(344, 300, 48, 150)}))`,
  };
  return [
    `${sprite({ width: 420, height: 460, color: hair, alpha: shapes[hairstyle] })}[hairBehind]`,
    '[face0][hairBehind]overlay=0:0:format=auto[faceHair]',
  ];
}

/** Eyelids, shown for a moment now and then. */
function lids({ skin }: Scene): string[] {
  const pair = `max(${disc(150, 232, 33, 37)},${disc(270, 232, 33, 37)})`;
  const lashes = `min(1-clip(abs(Y-240)-2,0,1),${pair})`;
  return [
    `${sprite({ width: 420, height: 300, color: shade(skin, 0.94), alpha: pair })}[lidSkin]`,
    `${sprite({ width: 420, height: 300, color: '2a1a4a', alpha: lashes })}[lidLine]`,
    `[lidSkin][lidLine]overlay=0:0:format=auto,${hold}[lids]`,
  ];
}

function shade(color: string, factor: number): string {
  const part = (start: number) => Math.round(Number.parseInt(color.slice(start, start + 2), 16) * factor);
  return [0, 2, 4].map((start) => part(start).toString(16).padStart(2, '0')).join('');
}

/** An expression that is not 0 inside the spans. */
function during(spans: readonly (readonly [number, number])[]): string {
  return spans.length === 0 ? '0' : spans.map(([from, to]) => `between(t,${from.toFixed(3)},${(to - 0.01).toFixed(3)})`).join('+');
}
