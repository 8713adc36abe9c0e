import type { ConfigContext, ExpoConfig } from 'expo/config';
import { AndroidConfig, type ConfigPlugin, withAndroidManifest } from 'expo/config-plugins';

const ID = 'app.twotruths.game';
const DARK = '#0d0a1a';
const LIGHT = '#fbf7f0';
const VIOLET = '#6b4bd8';

/**
 * One config for iOS, Android and web. Name and versions stand in app.json, because `eas build` counts the versions up there and cannot
 * write into a program. The recorder has no config plugin, so its permission texts stand here. docs/mobile.md explains the rest.
 */
export default function config({ config }: ConfigContext): ExpoConfig {
  const name = config.name ?? '';
  const server = serverOf(process.env);
  const linkHost = linkHostOf(server);
  const app: ExpoConfig = {
    ...config,
    name,
    slug: config.slug ?? '',
    scheme: 'twotruths',
    icon: './assets/icon.png',
    orientation: 'portrait',
    userInterfaceStyle: 'automatic',
    backgroundColor: DARK,
    ios: {
      ...config.ios,
      bundleIdentifier: ID,
      supportsTablet: true,
      // The App Store takes an app that stands upright only, on a tablet too, if it never shares the screen.
      requireFullScreen: true,
      icon: { light: './assets/icon.png', dark: './assets/icon-foreground.png', tinted: './assets/icon-monochrome.png' },
      associatedDomains: linkHost === null ? [] : [`applinks:${linkHost}`],
      // Nothing but https: no question at every upload to the store.
      config: { usesNonExemptEncryption: false },
      infoPlist: { ...PERMISSION_TEXTS.en, CFBundleAllowMixedLocalizations: true },
      privacyManifests: PRIVACY,
    },
    android: {
      ...config.android,
      package: ID,
      // Firebase carries the notifications; the file is made in its console, and named by its path.
      ...googleServices(process.env),
      // Drafts know which statement is the lie: nothing of them goes into a backup.
      allowBackup: false,
      adaptiveIcon: {
        foregroundImage: './assets/icon-foreground.png',
        monochromeImage: './assets/icon-monochrome.png',
        backgroundColor: DARK,
      },
      permissions: ['android.permission.CAMERA', 'android.permission.RECORD_AUDIO', 'android.permission.POST_NOTIFICATIONS'],
      blockedPermissions: NEEDLESS,
      intentFilters:
        linkHost === null
          ? []
          : [
              {
                action: 'VIEW',
                autoVerify: true,
                data: [{ scheme: 'https', host: linkHost, pathPrefix: '/c/' }],
                category: ['BROWSABLE', 'DEFAULT'],
              },
            ],
    },
    locales: { en: { ios: PERMISSION_TEXTS.en }, de: { ios: PERMISSION_TEXTS.de } },
    web: { bundler: 'metro', output: 'single', name, shortName: name, lang: 'en', backgroundColor: DARK, themeColor: DARK },
    plugins: [
      ['expo-router', { asyncRoutes: { web: 'production', default: false } }],
      'expo-font',
      'expo-background-task',
      ['expo-localization', { supportedLocales: ['en', 'de'] }],
      ['expo-secure-store', { faceIDPermission: false, configureAndroidBackup: false }],
      'expo-video',
      [
        'expo-splash-screen',
        {
          image: './assets/splash.png',
          imageWidth: 200,
          backgroundColor: LIGHT,
          dark: { image: './assets/splash.png', backgroundColor: DARK },
        },
      ],
      [
        'expo-notifications',
        { icon: './assets/notification.png', color: VIOLET, mode: isRelease(process.env) ? 'production' : 'development' },
      ],
    ],
    experiments: { typedRoutes: false },
  };
  return server.protocol === 'http:' ? withPlainHttp(app) : app;
}

/** Android refuses plain http; a build for a developer's own server without a certificate is told that it may. */
const withPlainHttp: ConfigPlugin = (app) =>
  withAndroidManifest(app, (step) => {
    AndroidConfig.Manifest.getMainApplicationOrThrow(step.modResults).$['android:usesCleartextTraffic'] = 'true';
    return step;
  });

const PERMISSION_TEXTS = {
  en: {
    NSCameraUsageDescription: 'The camera records your three statements.',
    NSMicrophoneUsageDescription: 'The microphone records your voice with each statement.',
  },
  de: {
    NSCameraUsageDescription: 'Die Kamera nimmt deine drei Aussagen auf.',
    NSMicrophoneUsageDescription: 'Das Mikrofon nimmt bei jeder Aussage deine Stimme auf.',
  },
};

/** Asked for by the template and by libraries, used by nothing here. */
const NEEDLESS = [
  'android.permission.READ_EXTERNAL_STORAGE',
  'android.permission.WRITE_EXTERNAL_STORAGE',
  'android.permission.SYSTEM_ALERT_WINDOW',
  'android.permission.USE_BIOMETRIC',
  'android.permission.USE_FINGERPRINT',
];

/** Apple, "Describing use of required reason API" and "Describing data use in privacy manifests". */
const PRIVACY = {
  NSPrivacyTracking: false,
  NSPrivacyTrackingDomains: [],
  NSPrivacyAccessedAPITypes: [
    // Settings of the app itself; times of its own files; free space before and while recording; time since the start, for clocks.
    { NSPrivacyAccessedAPIType: 'NSPrivacyAccessedAPICategoryUserDefaults', NSPrivacyAccessedAPITypeReasons: ['CA92.1'] },
    { NSPrivacyAccessedAPIType: 'NSPrivacyAccessedAPICategoryFileTimestamp', NSPrivacyAccessedAPITypeReasons: ['C617.1'] },
    { NSPrivacyAccessedAPIType: 'NSPrivacyAccessedAPICategoryDiskSpace', NSPrivacyAccessedAPITypeReasons: ['E174.1'] },
    { NSPrivacyAccessedAPIType: 'NSPrivacyAccessedAPICategorySystemBootTime', NSPrivacyAccessedAPITypeReasons: ['35F9.1'] },
  ],
  NSPrivacyCollectedDataTypes: [
    'PhotosorVideos',
    'AudioData',
    'EmailAddress',
    'UserID',
    'DeviceID',
    'GameplayContent',
    'OtherUserContent',
  ].map((type) => ({
    NSPrivacyCollectedDataType: `NSPrivacyCollectedDataType${type}`,
    NSPrivacyCollectedDataTypeLinked: true,
    NSPrivacyCollectedDataTypeTracking: false,
    NSPrivacyCollectedDataTypePurposes: ['NSPrivacyCollectedDataTypePurposeAppFunctionality'],
  })),
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The server of this build. A build that leaves the house must know it, and speak https: otherwise there is no build. */
function serverOf({ EXPO_PUBLIC_API_URL: url = '', EAS_BUILD_PROFILE: profile = 'development' }: Environment): URL {
  if (profile !== 'development' && !url.startsWith('https://')) {
    throw new Error(
      `EXPO_PUBLIC_API_URL: the profile "${profile}" needs the https address of its server; docs/mobile.md says where to set it`,
    );
  }
  return new URL(url === '' ? 'http://localhost:8000' : url);
}

/** Both systems open links of an app only for a public host on https. */
function linkHostOf(server: URL): string | null {
  return server.protocol === 'https:' && server.port === '' ? server.hostname : null;
}

function googleServices({ GOOGLE_SERVICES_JSON: path }: Environment): { googleServicesFile?: string } {
  return path ? { googleServicesFile: path } : {};
}

function isRelease({ NODE_ENV }: Environment): boolean {
  return NODE_ENV === 'production';
}
