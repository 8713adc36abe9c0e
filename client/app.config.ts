import type { ExpoConfig } from 'expo/config';

const NAME = '2Truths-1Lie';

/** One config for iOS, Android and web. The recorder has no config plugin, so its permission texts stand here. */
const config: ExpoConfig = {
  name: NAME,
  slug: 'two-truths-one-lie',
  scheme: 'twotruths',
  version: '0.1.0',
  orientation: 'portrait',
  userInterfaceStyle: 'automatic',
  backgroundColor: '#0d0a1a',
  ios: {
    bundleIdentifier: 'app.twotruths.game',
    supportsTablet: true,
    infoPlist: {
      NSCameraUsageDescription: 'The camera records your three statements.',
      NSMicrophoneUsageDescription: 'The microphone records your voice with each statement.',
      CFBundleAllowMixedLocalizations: true,
    },
  },
  android: {
    package: 'app.twotruths.game',
    permissions: ['android.permission.CAMERA', 'android.permission.RECORD_AUDIO'],
  },
  web: { bundler: 'metro', output: 'single', name: NAME, shortName: NAME, lang: 'en', backgroundColor: '#0d0a1a', themeColor: '#0d0a1a' },
  plugins: [
    ['expo-router', { asyncRoutes: { web: 'production', default: false } }],
    'expo-font',
    'expo-localization',
    'expo-secure-store',
    'expo-video',
    'expo-splash-screen',
  ],
  experiments: { typedRoutes: false },
};

export default config;
