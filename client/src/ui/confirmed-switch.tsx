import { useState } from 'react';
import { View } from 'react-native';
import { Button } from './button.tsx';
import { Checkbox } from './checkbox.tsx';
import { Text } from './text.tsx';
import { radius, space } from './theme.ts';
import { themed } from './theme-provider.tsx';

interface Props {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  error?: string | undefined;
  /** What stands between on and off. */
  off: { title: string; body: string; confirm: string; cancel: string };
}

/** A switch that asks before it goes off. */
export function ConfirmedSwitch({ label, isOn, onChange, error, off }: Props) {
  const styles = useStyles();
  const [isAsking, setAsking] = useState(false);
  const change = (next: boolean) => (next ? onChange(true) : setAsking(!isAsking));
  return (
    <View style={{ gap: space.s }}>
      <Checkbox role="switch" label={label} checked={isOn} error={error} onChange={change} />
      {isOn && isAsking ? (
        <View role="group" aria-label={off.title} style={styles.question}>
          <Text variant="strong" role="alert">
            {off.title}
          </Text>
          <Text variant="small" color="dim">
            {off.body}
          </Text>
          <Button
            kind="danger"
            title={off.confirm}
            onPress={() => {
              setAsking(false);
              onChange(false);
            }}
          />
          <Button kind="ghost" title={off.cancel} onPress={() => setAsking(false)} />
        </View>
      ) : null}
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  question: { gap: space.s, padding: space.m, borderRadius: radius.medium, borderWidth: 1, borderColor: colors.lie },
}));
