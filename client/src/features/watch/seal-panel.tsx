import type { Challenge, Reveal } from '@2t1l/contract/schemas';
import { keepsCommitment } from '@2t1l/game/commitment';
import { useMemo } from 'react';
import { View } from 'react-native';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useTheme } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

interface Props {
  challenge: Challenge;
  reveal: Reveal;
}

/** The author's promise, checked here: against what this device saw before the guess, not only against what came with the answer. */
export function SealPanel({ challenge, reveal }: Props) {
  const t = useText();
  const { colors } = useTheme();
  const promised = challenge.commitment ?? reveal.commitment;
  const isKept = useMemo(() => keepsCommitment(promised, reveal.lie_index, reveal.nonce), [promised, reveal.lie_index, reveal.nonce]);
  const color = isKept ? 'truth' : 'lie';
  return (
    <Panel tone={isKept ? 'plain' : 'lie'}>
      <View style={{ flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', gap: space.s }}>
        <Icon name={isKept ? 'lock' : 'warning'} size={20} color={colors[color]} />
        <Title level={2} color={color} style={{ flexGrow: 1, flexShrink: 1, flexBasis: 110 }}>
          {isKept ? t('kept') : t('broken')}
        </Title>
        <Text variant="small" color="dim" aria-hidden>
          {`${promised.slice(0, 4)}…${promised.slice(-4)}`}
        </Text>
      </View>
      <Text variant="small" color="dim">
        {isKept ? t('kept_body') : t('broken_body')}
      </Text>
    </Panel>
  );
}
