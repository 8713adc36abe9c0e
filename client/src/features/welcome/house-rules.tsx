import { useState } from 'react';
import { View } from 'react-native';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Text } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useText } from './texts.ts';

interface Props {
  accepted: boolean;
  onChange: (accepted: boolean) => void;
  error: string | undefined;
}

export function HouseRules({ accepted, onChange, error }: Props) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <View style={{ gap: space.s }}>
      <Checkbox label={t('terms')} checked={accepted} onChange={onChange} error={error} />
      <Button
        kind="ghost"
        title={isOpen ? t('terms_hide') : t('terms_show')}
        onPress={() => setOpen(!isOpen)}
        style={{ alignSelf: 'flex-start' }}
      />
      {isOpen ? (
        <Panel>
          {(['terms_1', 'terms_2', 'terms_3', 'terms_4'] as const).map((key) => (
            <Text key={key} variant="small">
              {t(key)}
            </Text>
          ))}
        </Panel>
      ) : null}
    </View>
  );
}
