import { type ReactNode, useEffect, useRef } from 'react';
import { type StyleProp, View, type ViewStyle } from 'react-native';
import { radioKeys, settleTabStops } from './radio-keys';

interface Props {
  label: string;
  children: ReactNode;
  style?: StyleProp<ViewStyle>;
}

/**
 * Holds parts with the role `radio`. On the web they are one stop of the Tab key, and the arrow keys choose the next or the one before
 * (WAI-ARIA Authoring Practices, radio group).
 */
export function RadioGroup({ label, children, style }: Props) {
  const group = useRef<View>(null);
  // After each render: which one is chosen may have changed.
  useEffect(() => settleTabStops(group.current));
  return (
    <View ref={group} role="radiogroup" aria-label={label} style={style} {...radioKeys}>
      {children}
    </View>
  );
}
