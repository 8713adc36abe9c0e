import { StyleSheet, View } from 'react-native';
import Svg, { Rect } from 'react-native-svg';

/** Where a face is never covered by numbers or captions. */
export function SafeFrame() {
  return (
    <View pointerEvents="none" aria-hidden style={styles.frame}>
      <Svg width="100%" height="100%">
        <Rect
          x="1%"
          y="1%"
          width="98%"
          height="98%"
          rx="46%"
          ry="38%"
          fill="none"
          stroke="rgba(246, 242, 255, 0.5)"
          strokeWidth={1.5}
          strokeDasharray="5 7"
        />
      </Svg>
    </View>
  );
}

const styles = StyleSheet.create({ frame: { ...StyleSheet.absoluteFill, width: '82%', maxWidth: 330, marginHorizontal: 'auto' } });
