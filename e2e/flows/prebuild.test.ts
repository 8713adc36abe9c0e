/** The native projects that `expo prebuild` makes of client/app.config.ts: what the stores and the systems will read. */
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expo } from '../harness/expo.ts';
import { makeScratch } from '../harness/scratch.ts';
import { ROOT } from '../harness/server.ts';

const SERVER = 'https://play.example.com';
const scratch = await makeScratch();
const client = join(scratch.path, 'client');
afterAll(() => scratch[Symbol.asyncDispose]());

/** A copy, because prebuild writes into its folder; the template comes with the expo package, so no network is needed. */
beforeAll(async () => {
  await mkdir(client);
  await symlink(join(ROOT, 'node_modules'), join(scratch.path, 'node_modules'));
  for (const name of ['app.json', 'app.config.ts', 'package.json', 'assets']) {
    await cp(join(ROOT, 'client', name), join(client, name), { recursive: true });
  }
  const { status, printed } = await expo(['prebuild', '--no-install', '--platform', 'all'], client, { EXPO_PUBLIC_API_URL: SERVER });
  expect(status, printed.slice(-6000)).toBe(0);
});

test('Android asks for what the game needs and nothing else', async () => {
  const manifest = await read('android/app/src/main/AndroidManifest.xml');
  const asked = [...manifest.matchAll(/<uses-permission android:name="android\.permission\.(\w+)"([^>]*)>/g)];
  const names = (isRemoved: boolean) =>
    asked.filter(([, , rest = '']) => rest.includes('tools:node="remove"') === isRemoved).map(([, name]) => name);
  expect(names(false)).toEqual(['CAMERA', 'INTERNET', 'POST_NOTIFICATIONS', 'RECORD_AUDIO', 'VIBRATE']);
  expect(names(true)).toEqual([
    'READ_EXTERNAL_STORAGE',
    'SYSTEM_ALERT_WINDOW',
    'USE_BIOMETRIC',
    'USE_FINGERPRINT',
    'WRITE_EXTERNAL_STORAGE',
  ]);
  expect(manifest).toContain('android:allowBackup="false"');
  expect(manifest).not.toContain('usesCleartextTraffic');
  expect(manifest).toContain('android:localeConfig="@xml/locales_config"');
});

test('Android opens the app’s own scheme and, verified, the server’s links to challenges', async () => {
  const manifest = await read('android/app/src/main/AndroidManifest.xml');
  const filters = manifest.match(/<intent-filter[\s\S]*?<\/intent-filter>/g) ?? [];
  const links = filters.filter((filter) => filter.includes('android.intent.action.VIEW'));
  expect(links).toHaveLength(2);
  expect(links[0]).toContain('<data android:scheme="twotruths"/>');
  expect(links[1]).toMatch(/^<intent-filter android:autoVerify="true"/);
  expect(links[1]).toContain('<data android:scheme="https" android:host="play.example.com" android:pathPrefix="/c/"/>');
});

test('iOS says in both languages why it wants camera and microphone, and nothing else', async () => {
  const plist = await read('ios/*/Info.plist');
  const purposes = [...plist.matchAll(/<key>(NS\w+UsageDescription)<\/key>/g)].map(([, key]) => key);
  expect(purposes).toEqual(['NSCameraUsageDescription', 'NSMicrophoneUsageDescription']);
  expect(plist).toContain('<string>twotruths</string>');
  expect(plist).toMatch(/<key>NSAllowsArbitraryLoads<\/key>\s*<false\/>/);
  const strings = await Promise.all(['en', 'de'].map((language) => read(`ios/*/Supporting/${language}.lproj/InfoPlist.strings`)));
  for (const purpose of purposes) {
    const texts = strings.map((text) => new RegExp(`${purpose} = "(.{20,})";`).exec(text)?.[1]);
    expect(texts[0]).toBeDefined();
    expect(texts[1]).toBeDefined();
    expect(texts[0]).not.toBe(texts[1]);
  }
});

test('iOS opens the server’s links, and the privacy manifest gives a reason for each API that needs one', async () => {
  expect(await read('ios/*/*.entitlements')).toContain('<string>applinks:play.example.com</string>');
  const privacy = await read('ios/*/PrivacyInfo.xcprivacy');
  expect([...privacy.matchAll(/NSPrivacyAccessedAPICategory(\w+)/g)].map(([, api]) => api).sort()).toEqual([
    'DiskSpace',
    'FileTimestamp',
    'SystemBootTime',
    'UserDefaults',
  ]);
  expect(privacy).toMatch(/<key>NSPrivacyTracking<\/key>\s*<false\/>/);
});

test('a build for a server without https may speak http, and claims no links', async () => {
  const { status, printed } = await expo(['config', '--json', '--type', 'introspect'], client, {
    EXPO_PUBLIC_API_URL: 'http://10.0.2.2:8000',
  });
  expect(status, printed.slice(-6000)).toBe(0);
  expect(printed).toContain('"android:usesCleartextTraffic":"true"');
  expect(printed).not.toContain('autoVerify');
});

test('a build that leaves the house must know its server by https', async () => {
  for (const url of ['', 'http://play.example.com']) {
    const { status, printed } = await expo(['config', '--json'], client, { EXPO_PUBLIC_API_URL: url, EAS_BUILD_PROFILE: 'production' });
    expect(status).not.toBe(0);
    expect(printed).toContain('EXPO_PUBLIC_API_URL: the profile "production" needs the https address of its server');
  }
});

/** The one file below the scratch copy whose path has these parts; `*` stands for the project's name, or anything before an ending. */
async function read(pattern: string): Promise<string> {
  const form = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
  const found = (await readdir(client, { recursive: true })).filter((path) => form.test(path));
  expect(found, pattern).toHaveLength(1);
  return readFile(join(client, found[0] ?? ''), 'utf8');
}
