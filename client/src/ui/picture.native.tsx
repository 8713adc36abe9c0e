import { Image } from 'expo-image';
import { View } from 'react-native';
import type { PictureProps } from './picture.types.ts';

/** A picture beside words that say the same: screen readers pass it over. Fills its frame, cuts what does not fit. */
export function Picture({ source, fades, style }: PictureProps) {
  return (
    <View aria-hidden pointerEvents="none" style={style}>
      <Image source={source} style={{ width: '100%', height: '100%' }} contentFit="cover" transition={fades ? 200 : 0} alt="" />
    </View>
  );
}
