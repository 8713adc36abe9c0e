import { type ReactNode, useState } from 'react';
import {
  type AccessibilityState,
  type GestureResponderEvent,
  Pressable as NativePressable,
  Platform,
  type Role,
  type StyleProp,
  type View,
  type ViewStyle,
} from 'react-native';

export interface PressableProps {
  /** What a screen reader says; needed where the children say nothing. */
  label?: string;
  hint?: string;
  role?: Role;
  onPress?: (event: GestureResponderEvent) => void;
  disabled?: boolean;
  busy?: boolean;
  selected?: boolean;
  checked?: boolean;
  expanded?: boolean;
  style?: StyleProp<ViewStyle>;
  ref?: React.Ref<View>;
  testID?: string;
  hitSlop?: number;
  children?: ReactNode;
}

/** The one thing that can be tapped: sinks a little under the finger, answers to keys and screen readers. */
export function Pressable({
  label,
  hint,
  role = 'button',
  disabled,
  busy,
  selected,
  checked,
  expanded,
  style,
  children,
  ...rest
}: PressableProps) {
  const [isDown, setDown] = useState(false);
  const state: AccessibilityState = { disabled: Boolean(disabled) };
  if (busy !== undefined) {
    state.busy = busy;
  }
  if (selected !== undefined) {
    state.selected = selected;
  }
  if (checked !== undefined) {
    state.checked = checked;
  }
  if (expanded !== undefined) {
    state.expanded = expanded;
  }
  return (
    <NativePressable
      {...rest}
      {...keysOf(role, disabled || busy ? undefined : rest.onPress)}
      role={role}
      aria-label={label}
      accessibilityHint={hint}
      accessibilityState={state}
      aria-disabled={disabled}
      aria-busy={busy}
      aria-checked={checked}
      {...chosen(role, selected)}
      aria-expanded={expanded}
      disabled={Boolean(disabled || busy)}
      onPressIn={() => setDown(true)}
      onPressOut={() => setDown(false)}
      style={[style, isDown && { transform: [{ scale: 0.97 }], opacity: 0.92 }]}
    >
      {children}
    </NativePressable>
  );
}

/** Keys that press: in a browser both are there for a button, but neither the space bar for what is chosen or switched, nor Enter for a link. */
const KEYS: Partial<Record<Role, string>> = { radio: ' ', checkbox: ' ', switch: ' ', link: 'Enter' };

function keysOf(role: Role, onPress: PressableProps['onPress']): object {
  const key = KEYS[role];
  if (Platform.OS !== 'web' || onPress === undefined || key === undefined) {
    return {};
  }
  return {
    onKeyDown: (event: GestureResponderEvent & { key: string; repeat: boolean; preventDefault: () => void }) => {
      if (event.key === key) {
        event.preventDefault();
        if (!event.repeat) {
          onPress(event);
        }
      }
    },
  };
}

/** WAI-ARIA 1.2 has another word for "chosen" on each role; phones take it from the accessibility state. */
function chosen(role: Role, selected: boolean | undefined): object {
  if (Platform.OS !== 'web' || selected === undefined) {
    return {};
  }
  switch (role) {
    case 'link':
      return selected ? { 'aria-current': 'page' } : {};
    case 'button':
      return { 'aria-pressed': selected };
    default:
      return { 'aria-selected': selected };
  }
}
