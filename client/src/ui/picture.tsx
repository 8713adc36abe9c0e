import { Image } from 'expo-image';
import { type StyleProp, View, type ViewStyle } from 'react-native';

interface Props {
  source: string;
  /** Fades in; not over a film that is about to begin. */
  fades?: boolean;
  style: StyleProp<ViewStyle>;
}

/** A picture beside words that say the same: screen readers pass it over. Fills its frame, cuts what does not fit. */
export function Picture({ source, fades, style }: Props) {
  return (
    <View aria-hidden pointerEvents="none" style={style}>
      <Image source={source} style={{ width: '100%', height: '100%' }} contentFit="cover" transition={fades ? 200 : 0} alt="" />
    </View>
  );
}
