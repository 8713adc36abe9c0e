import { View } from 'react-native';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Text, Title } from './text.tsx';
import { radius, space } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

export interface MessageAction {
  title: string;
  onPress: () => void;
  busy?: boolean;
}

interface Props {
  title: string;
  body: string;
  action?: MessageAction;
  second?: MessageAction;
}

/** Nothing is here yet: says what to do. */
export function EmptyState(props: Props) {
  return <Message {...props} icon="star" tone="gold" />;
}

/** Something went wrong: says what happened and what to do. Announced to screen readers. */
export function ErrorState(props: Props) {
  return <Message {...props} icon="warning" tone="lie" isAlert />;
}

/** The network is away. */
export function OfflineState(props: Props) {
  return <Message {...props} icon="offline" tone="dim" isAlert />;
}

interface MessageProps extends Props {
  icon: IconName;
  tone: 'gold' | 'lie' | 'dim';
  isAlert?: boolean;
}

function Message({ title, body, action, second, icon, tone, isAlert }: MessageProps) {
  const styles = useStyles();
  const { colors } = useTheme();
  return (
    <View style={styles.box} {...(isAlert ? { role: 'alert' as const } : {})}>
      <View style={[styles.badge, tone === 'lie' && styles.tilted]}>
        <Icon name={icon} size={34} color={colors[tone]} />
      </View>
      <Title align="center">{title}</Title>
      <Text color="dim" align="center">
        {body}
      </Text>
      {action ? <Button {...action} style={styles.button} /> : null}
      {second ? <Button kind="ghost" {...second} /> : null}
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  box: {
    flexGrow: 1,
    alignItems: 'center',
    justifyContent: 'center',
    gap: space.m,
    padding: space.xl,
    width: '100%',
    maxWidth: 440,
    alignSelf: 'center',
  },
  badge: {
    width: 76,
    height: 76,
    borderRadius: 38,
    backgroundColor: colors.raised,
    alignItems: 'center',
    justifyContent: 'center',
    marginBottom: space.s,
  },
  tilted: { borderRadius: radius.medium, transform: [{ rotate: '-6deg' }] },
  button: { marginTop: space.s, minWidth: '60%' },
}));
