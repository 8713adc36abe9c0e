import { createElement } from 'react';
import { StyleSheet, View } from 'react-native';
import type { PictureProps } from './picture.types.ts';

const FILL = { width: '100%', height: '100%', objectFit: 'cover', display: 'block' } as const;

/** As in picture.native.tsx, by the browser's own element. */
export function Picture({ source, fades, style }: PictureProps) {
  const fadeIn = ({ currentTarget }: { currentTarget: HTMLImageElement }) => {
    if (fades && !matchMedia('(prefers-reduced-motion: reduce)').matches) {
      currentTarget.animate([{ opacity: 0 }, {}], { duration: 200 });
    }
  };
  return (
    <View aria-hidden pointerEvents="none" style={[styles.frame, style]}>
      {createElement('img', { src: source, alt: '', draggable: false, decoding: 'async', style: FILL, onLoad: fadeIn })}
    </View>
  );
}

const styles = StyleSheet.create({ frame: { overflow: 'hidden' } });
