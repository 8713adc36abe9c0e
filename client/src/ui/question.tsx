import { View } from 'react-native';
import { Button } from './button.tsx';
import { Panel } from './panel.tsx';
import { Text, Title } from './text.tsx';

interface Props {
  title: string;
  body: string;
  confirm: string;
  cancel: string;
  isBusy: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  /** The question is laid out; it is higher than the button that it stands for. */
  onAsked: () => void;
}

/** Asks before something that cannot be brought back. */
export function Question({ title, body, confirm, cancel, isBusy, onConfirm, onCancel, onAsked }: Props) {
  return (
    <View onLayout={onAsked}>
      <Panel tone="lie">
        <Title level={2}>{title}</Title>
        <Text color="dim">{body}</Text>
        <Button kind="danger" title={confirm} onPress={onConfirm} busy={isBusy} />
        <Button kind="ghost" title={cancel} onPress={onCancel} />
      </Panel>
    </View>
  );
}
