/** Notifications of a phone, over Expo's push service. */
import Constants from 'expo-constants';
import * as Notifications from 'expo-notifications';
import { Platform } from 'react-native';
import type { PushAddress, PushDevice, PushPermission } from './push-device.types.ts';
import { pushText } from './push-texts.ts';

/** The server names it with every message (server/src/adapters/push-expo.ts). */
const CHANNEL = 'default';

Notifications.setNotificationHandler({
  handleNotification: async () => ({ shouldShowBanner: true, shouldShowList: true, shouldPlaySound: false, shouldSetBadge: false }),
});

export const pushDevice: PushDevice = {
  kind: 'expo',

  async permission() {
    return projectId() === undefined ? 'none' : permissionOf(await Notifications.getPermissionsAsync());
  },

  async subscribe() {
    if (Platform.OS === 'android') {
      // Android 13 asks the person only for an app that has a channel.
      await Notifications.setNotificationChannelAsync(CHANNEL, {
        name: pushText('channel'),
        importance: Notifications.AndroidImportance.DEFAULT,
      });
    }
    const permission = permissionOf(await Notifications.requestPermissionsAsync());
    return permission === 'granted' ? address() : null;
  },

  async current() {
    return (await this.permission()) === 'granted' ? address() : null;
  },

  release: () => Notifications.unregisterForNotificationsAsync(),

  onTap(listener) {
    const open = (response: Notifications.NotificationResponse | null) => {
      const path = response?.notification.request.content.data?.path;
      if (typeof path === 'string' && path.startsWith('/')) {
        Notifications.clearLastNotificationResponse();
        listener(path);
      }
    };
    open(Notifications.getLastNotificationResponse());
    const subscription = Notifications.addNotificationResponseReceivedListener(open);
    return () => subscription.remove();
  },
};

async function address(): Promise<PushAddress> {
  const id = projectId();
  const { data: token } = await Notifications.getExpoPushTokenAsync(id === undefined ? {} : { projectId: id });
  return { kind: 'expo', token };
}

/** Of the EAS project that built this app; a build without one has no address. */
function projectId(): string | undefined {
  return Constants.expoConfig?.extra?.eas?.projectId ?? Constants.easConfig?.projectId;
}

function permissionOf({ granted, canAskAgain, ios }: Notifications.NotificationPermissionsStatus): PushPermission {
  if (granted || ios?.status === Notifications.IosAuthorizationStatus.PROVISIONAL) {
    return 'granted';
  }
  return canAskAgain ? 'askable' : 'denied';
}
