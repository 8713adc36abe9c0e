import type { StyleProp, ViewStyle } from 'react-native';

export interface PictureProps {
  source: string;
  /** Fades in; not over a film that is about to begin. */
  fades?: boolean;
  style: StyleProp<ViewStyle>;
}
