import { useEffect } from 'react';
import { View } from 'react-native';
import Animated, { FadeInDown, FadeOut, useReducedMotion } from 'react-native-reanimated';
import { Icon } from './icon.tsx';
import { Pressable } from './pressable.tsx';
import { Text } from './text.tsx';
import { radius, space, TARGET } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

const SHOWN_MS = 6000;

interface Props {
  text: string;
  tone?: 'plain' | 'problem';
  /** With something to do it stays until it is done or closed. */
  action?: { title: string; onPress: () => void };
  closeLabel: string;
  onClose: () => void;
}

/** A word that goes by itself; also closed by a tap. */
export function Toast({ text, tone = 'plain', action, closeLabel, onClose }: Props) {
  const styles = useStyles();
  const { colors } = useTheme();
  const still = useReducedMotion();
  const stays = action !== undefined;
  useEffect(() => {
    if (stays) {
      return;
    }
    const timer = setTimeout(onClose, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [onClose, stays]);
  return (
    <Animated.View {...(still ? {} : { entering: FadeInDown.duration(180), exiting: FadeOut.duration(140) })}>
      <View role={tone === 'problem' ? 'alert' : 'status'} aria-live="polite" style={[styles.toast, tone === 'problem' && styles.problem]}>
        <Icon name={tone === 'problem' ? 'warning' : 'check'} size={20} color={tone === 'problem' ? colors.lie : colors.truth} />
        <Text variant="small" style={styles.text}>
          {text}
        </Text>
        {action ? (
          <Pressable label={action.title} onPress={action.onPress} style={styles.action}>
            <Text variant="small" style={styles.do}>
              {action.title}
            </Text>
          </Pressable>
        ) : null}
        <Pressable label={closeLabel} onPress={onClose} style={styles.close}>
          <Icon name="close" size={18} color={colors.dim} />
        </Pressable>
      </View>
    </Animated.View>
  );
}

const useStyles = themed(({ colors }) => ({
  toast: {
    flexDirection: 'row',
    alignItems: 'center',
    gap: space.m,
    paddingStart: space.l,
    backgroundColor: colors.raised,
    borderRadius: radius.medium,
    borderWidth: 1,
    borderColor: colors.line,
    boxShadow: '0 10px 30px rgba(0, 0, 0, 0.35)',
  },
  problem: { borderColor: colors.lie },
  text: { flex: 1, fontWeight: '600', paddingVertical: space.m },
  action: { minHeight: TARGET, minWidth: TARGET, justifyContent: 'center' },
  do: { fontWeight: '700', color: colors.violet },
  close: { minWidth: TARGET, minHeight: TARGET, alignItems: 'center', justifyContent: 'center' },
}));
