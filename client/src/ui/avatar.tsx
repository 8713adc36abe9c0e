import { LinearGradient } from 'expo-linear-gradient';
import { View } from 'react-native';
import { Text } from './text.tsx';
import { fonts, stage } from './theme.ts';

const GROUNDS = [
  ['#ffd166', '#ff6b4a'],
  ['#9c83f5', '#4ba3e3'],
  ['#4fe3c1', '#6b4bd8'],
  ['#ff8a5c', '#9c83f5'],
] as const;

/** A player's first letter on a ground that the name decides. Decoration beside the name. */
export function Avatar({ name, size = 44 }: { name: string; size?: number }) {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const [from, to] = GROUNDS[sum % GROUNDS.length] ?? GROUNDS[0];
  return (
    <View aria-hidden style={{ width: size, height: size, borderRadius: size / 2, overflow: 'hidden' }}>
      <LinearGradient colors={[from, to]} style={{ flex: 1, alignItems: 'center', justifyContent: 'center' }}>
        <Text style={{ fontFamily: fonts.heavy, fontSize: size * 0.4, lineHeight: size * 0.56, color: stage.to }}>
          {([...name][0] ?? '?').toUpperCase()}
        </Text>
      </LinearGradient>
    </View>
  );
}
