/** Every colour, radius, space and type size of the app. Contrast holds WCAG AA in both schemes. */
export type Scheme = 'dark' | 'light';

export interface Colors {
  background: string;
  panel: string;
  raised: string;
  text: string;
  dim: string;
  truth: string;
  /** Text and marks on a truth-coloured ground. */
  onTruth: string;
  lie: string;
  /** Two ends of the lie's own gradient. */
  lieFrom: string;
  lieTo: string;
  onLie: string;
  gold: string;
  onGold: string;
  violet: string;
  /** Ground and text of the main button. */
  action: string;
  onAction: string;
  line: string;
  track: string;
  truthSoft: string;
  lieSoft: string;
  scrim: string;
}

const dark: Colors = {
  background: '#0d0a1a',
  panel: '#191430',
  raised: '#231c42',
  text: '#f6f2ff',
  dim: '#b3a9d1',
  truth: '#4fe3c1',
  onTruth: '#04251d',
  lie: '#ff6b4a',
  lieFrom: '#ff8a5c',
  lieTo: '#ff5f45',
  onLie: '#2b0a02',
  gold: '#ffd166',
  onGold: '#2a1c00',
  violet: '#9c83f5',
  action: '#f6f2ff',
  onAction: '#1b1233',
  line: 'rgba(246, 242, 255, 0.13)',
  track: 'rgba(246, 242, 255, 0.16)',
  truthSoft: 'rgba(79, 227, 193, 0.16)',
  lieSoft: 'rgba(255, 107, 74, 0.14)',
  scrim: 'rgba(13, 10, 26, 0.72)',
};

const light: Colors = {
  background: '#fbf7f0',
  panel: '#ffffff',
  raised: '#f1eafc',
  text: '#1b1233',
  dim: '#5d5480',
  truth: '#00806a',
  onTruth: '#ffffff',
  lie: '#c93a17',
  lieFrom: '#d9481f',
  lieTo: '#bf3211',
  onLie: '#ffffff',
  gold: '#9a6b00',
  onGold: '#ffffff',
  violet: '#6b4bd8',
  action: '#1b1233',
  onAction: '#ffffff',
  line: 'rgba(27, 18, 51, 0.13)',
  track: 'rgba(27, 18, 51, 0.12)',
  truthSoft: 'rgba(0, 128, 106, 0.12)',
  lieSoft: 'rgba(201, 58, 23, 0.09)',
  scrim: 'rgba(251, 247, 240, 0.82)',
};

/** The stage is a dark theatre in both schemes. */
export const stage = { from: '#6b4bd8', mid: '#3a2590', to: '#160d33', floor: '#0d0a1a', beam: '#efe6ff' } as const;

export const palettes: Record<Scheme, Colors> = { dark, light };

export const radius = { small: 12, medium: 18, large: 22, huge: 26, round: 999 } as const;
export const space = { xs: 4, s: 8, m: 12, l: 16, xl: 24, xxl: 36 } as const;
/** Least side of anything that can be tapped. */
export const TARGET = 48;
/** Widest column of text and controls. */
export const COLUMN = 480;
/** Below this window width everything stands in one column: a phone at 200 %. */
export const NARROW = 260;
/** From this window width on, the navigation stands at the side. */
export const WIDE = 900;

export const fonts = { display: 'Unbounded_600SemiBold', heavy: 'Unbounded_800ExtraBold' } as const;

export const type = {
  giant: { fontFamily: fonts.heavy, fontSize: 44, lineHeight: 52 },
  hero: { fontFamily: fonts.heavy, fontSize: 32, lineHeight: 40 },
  title: { fontFamily: fonts.display, fontSize: 22, lineHeight: 30 },
  heading: { fontFamily: fonts.display, fontSize: 16, lineHeight: 23 },
  quote: { fontSize: 21, lineHeight: 28, fontWeight: '700' },
  body: { fontSize: 16, lineHeight: 23 },
  strong: { fontSize: 16, lineHeight: 23, fontWeight: '700' },
  small: { fontSize: 14, lineHeight: 20 },
  tiny: { fontSize: 12, lineHeight: 17 },
} as const;
export type TypeName = keyof typeof type;
