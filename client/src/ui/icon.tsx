import { I18nManager, Platform } from 'react-native';
import Svg, { Path } from 'react-native-svg';
import { useTheme } from './theme-provider.tsx';

/** Line drawings on a 24 grid; a name with two strings is one stroke and one filled part. */
const PATHS = {
  home: 'M4 11 12 4l8 7v8a1.5 1.5 0 0 1-1.5 1.5h-4V15h-5v5.5h-4A1.5 1.5 0 0 1 4 19z',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  up: 'M5 15l7-7 7 7',
  down: 'M5 9l7 7 7-7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  play: 'M8 5.5v13l11-6.5z',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  replay: 'M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5',
  captions:
    'M4 6.5A1.5 1.5 0 0 1 5.5 5h13A1.5 1.5 0 0 1 20 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5zM10.5 10.5a2 2 0 1 0 0 3M17 10.5a2 2 0 1 0 0 3',
  share: 'M7 17 17 7M9 7h8v8',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  warning: 'M12 4 2.800 20h18.400zM12 10v4.500M12 17.300v.2',
  offline:
    'M3 3l18 18M5 12.500a10 10 0 0 1 3.500-2.200M12 9a10 10 0 0 1 7 3.500M8.500 16a5 5 0 0 1 6.500-.4M12 19.500v.1M2 9a15 15 0 0 1 3.500-2.200M10 5.200A15 15 0 0 1 22 9',
  bell: 'M5 17h14l-1.700-2.600V10.500a5.300 5.300 0 0 0-10.600 0v3.900zM10 20.300a2.200 2.200 0 0 0 4 0M12 5.200V3.500',
  people:
    'M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 19.500c.6-3.500 3.200-5.200 6.500-5.200s5.900 1.700 6.500 5.200M16 4.800a3.500 3.500 0 0 1 0 6.400M18 14.700c2 .7 3.200 2.300 3.600 4.800',
  trash: 'M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13',
  camera:
    'M3.500 7.500A1.500 1.500 0 0 1 5 6h9a1.500 1.500 0 0 1 1.500 1.500v9A1.500 1.500 0 0 1 14 18H5a1.500 1.500 0 0 1-1.500-1.500zM15.500 10.500 21 7.500v9l-5.500-3z',
  flip: 'M4 9a8 8 0 0 1 14-2.500L20 9M20 4v5h-5M20 15a8 8 0 0 1-14 2.500L4 15M4 20v-5h5',
  torch: 'M13 3 5 14h6l-1 7 8-11h-6z',
  microphone: 'M12 14.500a3 3 0 0 0 3-3V6.500a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3',
  edit: 'M4 20l1-4L16 5l3 3L8 19z',
  grip: 'M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1',
  muted: 'M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM16 9.500l5 5M21 9.500l-5 5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  star: 'M12 3.500l2.600 5.500 6 .8-4.400 4.100 1.100 6L12 17l-5.300 2.900 1.100-6L3.400 9.800l6-.8z',
  dots: 'M5.500 12v.1M12 12v.1M18.500 12v.1',
  swap: 'M7 4v14M7 18l-3-3M7 18l3-3M17 20V6M17 6l-3 3M17 6l3 3',
} as const;
export type IconName = keyof typeof PATHS;

interface Props {
  name: IconName;
  size?: number;
  color?: string;
  strokeWidth?: number;
}

/** Decoration beside words; what it means is said by the words or the button's label. */
export function Icon({ name, size = 24, color, strokeWidth = 2 }: Props) {
  const { colors } = useTheme();
  return (
    <Svg width={size} height={size} viewBox="0 0 24 24" aria-hidden style={{ flexShrink: 0 }}>
      <Path
        d={PATHS[name]}
        {...((name === 'back' || name === 'forward') && isRightToLeft() ? { transform: 'matrix(-1 0 0 1 24 0)' } : {})}
        stroke={color ?? colors.text}
        strokeWidth={name === 'dots' || name === 'grip' ? 3 : strokeWidth}
        strokeLinecap="round"
        strokeLinejoin="round"
        fill={name === 'play' ? (color ?? colors.text) : 'none'}
      />
    </Svg>
  );
}

/** Where a script runs from right to left, the way back points to the right. */
function isRightToLeft(): boolean {
  return Platform.OS === 'web' ? document.documentElement.dir === 'rtl' : I18nManager.isRTL;
}
