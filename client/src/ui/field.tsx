import { useId, useState } from 'react';
import { TextInput, type TextInputProps, View } from 'react-native';
import { Text } from './text.tsx';
import { radius, space, TARGET } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

export interface FieldProps extends Omit<TextInputProps, 'style' | 'onChange'> {
  label: string;
  value: string;
  onChangeText: (text: string) => void;
  /** What is wrong with it, in words. */
  error?: string | undefined;
  /** What belongs here, said before anything is wrong. */
  help?: string;
  ref?: React.Ref<TextInput>;
}

/** A labelled line or box to write in. */
export function Field({ label, error, help, multiline, onFocus, onBlur, ...rest }: FieldProps) {
  const styles = useStyles();
  const { colors } = useTheme();
  const [isFocused, setFocused] = useState(false);
  const id = useId();
  const note = error ?? help;
  return (
    <View style={styles.field}>
      <Text variant="small" nativeID={id} style={styles.label}>
        {label}
      </Text>
      <TextInput
        {...rest}
        multiline={Boolean(multiline)}
        aria-label={label}
        accessibilityHint={note ?? ''}
        aria-labelledby={id}
        {...(error ? { 'aria-invalid': true } : {})}
        placeholderTextColor={colors.dim}
        selectionColor={colors.violet}
        onFocus={(event) => {
          setFocused(true);
          onFocus?.(event);
        }}
        onBlur={(event) => {
          setFocused(false);
          onBlur?.(event);
        }}
        style={[styles.input, multiline && styles.box, isFocused && styles.focused, error ? styles.wrong : null]}
      />
      {note ? (
        <Text variant="small" color={error ? 'lie' : 'dim'} {...(error ? { role: 'alert' as const } : {})}>
          {note}
        </Text>
      ) : null}
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  field: { gap: space.xs + 2, alignSelf: 'stretch' },
  label: { fontWeight: '600' },
  input: {
    minHeight: TARGET + 4,
    borderRadius: radius.medium,
    borderWidth: 1.5,
    borderColor: colors.line,
    backgroundColor: colors.panel,
    color: colors.text,
    fontSize: 16,
    paddingHorizontal: space.l,
    paddingVertical: space.m,
  },
  box: { minHeight: 110, textAlignVertical: 'top' },
  focused: { borderColor: colors.violet },
  wrong: { borderColor: colors.lie },
}));
