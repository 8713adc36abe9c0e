import { useRouter } from 'expo-router';
import { Linking, Platform, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import type { CameraProblem, FinishedClip } from '../../../lib/recorder/recorder.types.ts';
import { saveAsFile } from '../../../lib/recorder/save-as-file';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { ErrorState, type MessageAction } from '../../../ui/message-state.tsx';
import { radius, space } from '../../../ui/theme.ts';
import { useTheme } from '../../../ui/theme-provider.tsx';
import { type CreateText, useText } from '../texts.ts';

interface Props {
  problem: CameraProblem;
  onRetry: () => void;
  onSilent: () => void;
}

/** No picture: what happened, and what to do about exactly that. */
export function CameraProblemView({ problem, onRetry, onSilent }: Props) {
  const t = useText();
  const isPhone = Platform.OS !== 'web';
  const retry = { title: t('try_again'), onPress: onRetry };
  const body = t(problem === 'denied' && isPhone ? 'denied_native' : problem);
  const actions = actionsOf(problem, { t, retry, onSilent, isPhone });
  return (
    <Frame>
      <ErrorState title={t(`${problem}_title`)} body={body} {...actions} />
    </Frame>
  );
}

interface KeepingProps {
  clip: FinishedClip;
  name: string;
  onRetry: (how: 'keep' | 'hold') => void;
}

/** A recording that the device has no room for: it is not let go of. */
export function KeepingProblem({ clip, name, onRetry }: KeepingProps) {
  const t = useText();
  const save = saveAsFile === null ? {} : { second: { title: t('save_file'), onPress: () => saveAsFile?.(clip, name) } };
  return (
    <Frame>
      <ErrorState
        title={t('saving_failed_title')}
        body={t('saving_failed')}
        action={{ title: t('save_again'), onPress: () => onRetry('keep') }}
        {...save}
      />
      <Button kind="ghost" title={t('hold')} onPress={() => onRetry('hold')} style={{ marginBottom: space.l }} />
    </Frame>
  );
}

interface ActionOptions {
  t: CreateText;
  retry: MessageAction;
  onSilent: () => void;
  isPhone: boolean;
}

function actionsOf(
  problem: CameraProblem,
  { t, retry, onSilent, isPhone }: ActionOptions,
): { action?: MessageAction; second?: MessageAction } {
  const settings = { title: t('open_settings'), onPress: () => void Linking.openSettings() };
  switch (problem) {
    case 'insecure':
    case 'unsupported':
    case 'restricted':
      return {};
    case 'refused':
      return { action: { ...retry, title: t('ask_again') } };
    case 'microphone_denied':
      return { action: isPhone ? settings : retry, second: { title: t('without_sound'), onPress: onSilent } };
    case 'no_microphone':
      return { action: retry, second: { title: t('without_sound'), onPress: onSilent } };
    case 'denied':
      return isPhone ? { action: settings, second: retry } : { action: retry };
    default:
      return { action: retry };
  }
}

function Frame({ children }: { children: React.ReactNode }) {
  const t = useText();
  const router = useRouter();
  const { colors } = useTheme();
  const insets = useSafeAreaInsets();
  const leave = () => (router.canGoBack() ? router.back() : router.replace('/'));
  return (
    <View style={{ flex: 1, padding: space.l, paddingTop: insets.top + space.m }}>
      <IconButton icon="close" label={t('leave')} onPress={leave} style={{ alignSelf: 'flex-start' }} />
      <View style={{ flex: 1, justifyContent: 'center' }}>
        <View style={{ alignSelf: 'center', borderRadius: radius.huge, backgroundColor: colors.scrim }}>{children}</View>
      </View>
    </View>
  );
}
