import { useEffect, useRef, useState } from 'react';
import { type Text as NativeText, Platform, View } from 'react-native';
import { Button } from './button.tsx';
import { Checkbox } from './checkbox.tsx';
import { focusOn } from './focus-on';
import { Text, Title } from './text.tsx';
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
  const [isAsking, setAsking] = useState(false);
  const box = useRef<View>(null);
  const control = useRef<View>(null);
  const change = (next: boolean) => (next ? onChange(true) : setAsking(!isAsking));
  const close = () => {
    setAsking(false);
    focusOn(control.current, box.current);
  };
  return (
    <View ref={box} style={{ gap: space.s }} {...(isAsking ? escapeKey(close) : {})}>
      <Checkbox ref={control} role="switch" label={label} checked={isOn} error={error} onChange={change} />
      {isOn && isAsking ? (
        <OffQuestion
          off={off}
          onConfirm={() => {
            close();
            onChange(false);
          }}
          onCancel={close}
        />
      ) : null}
    </View>
  );
}

interface OffQuestionProps {
  off: Props['off'];
  onConfirm: () => void;
  onCancel: () => void;
}

/** It may open below the end of the screen, where nobody would see that something is asked. */
function OffQuestion({ off, onConfirm, onCancel }: OffQuestionProps) {
  const styles = useStyles();
  const box = useRef<View>(null);
  const title = useRef<NativeText>(null);
  useEffect(() => focusOn(title.current, box.current), []);
  return (
    <View ref={box} role="group" aria-label={off.title} style={styles.question}>
      <Title ref={title} level={3} variant="strong">
        {off.title}
      </Title>
      <Text variant="small" color="dim">
        {off.body}
      </Text>
      <Button kind="danger" title={off.confirm} onPress={onConfirm} />
      <Button kind="ghost" title={off.cancel} onPress={onCancel} />
    </View>
  );
}

/** In a browser; the screen, which may close at the same key, does not get it. */
function escapeKey(close: () => void): object {
  if (Platform.OS !== 'web') {
    return {};
  }
  return {
    onKeyDown: (event: { key: string; stopPropagation: () => void }) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        close();
      }
    },
  };
}

const useStyles = themed(({ colors }) => ({
  question: { gap: space.s, padding: space.m, borderRadius: radius.medium, borderWidth: 1, borderColor: colors.lie },
}));
