/** What builds and drives the phones' app, held to the specification and to the code it names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const FLOWS = join(ROOT, 'client/.maestro');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const json = (path: string) => JSON.parse(read(path));

describe('eas.json', () => {
  const eas = json('client/eas.json');

  test('holds what the specification gives, word for word', () => {
    const { cli, submit } = eas;
    expect({ cli, build: { production: eas.build.production }, submit }).toEqual({
      cli: { version: '>= 5.0.0', appVersionSource: 'local' },
      build: {
        production: {
          autoIncrement: true,
          android: { buildType: 'app-bundle', gradleCommand: ':app:bundleRelease' },
          env: { NODE_ENV: 'production' },
        },
      },
      submit: { production: {} },
    });
  });

  test('a development build talks to this machine; the others get their server from their EAS environment', () => {
    expect(Object.keys(eas.build)).toEqual(['development', 'preview', 'production']);
    expect(eas.build.development.env).toEqual({ EXPO_PUBLIC_API_URL: 'http://localhost:8000' });
    expect(eas.build.preview.env).toEqual({ NODE_ENV: 'production' });
    expect([eas.build.development.distribution, eas.build.preview.distribution]).toEqual(['internal', 'internal']);
  });

  test('what `autoIncrement` counts up stands in a file that it can write', () => {
    const { expo } = json('client/app.json');
    expect(expo.android.versionCode).toBeGreaterThan(0);
    expect(Number(expo.ios.buildNumber)).toBeGreaterThan(0);
    expect(expo.version).toBe(json('client/package.json').version);
  });
});

describe('Maestro flows', () => {
  const flows = readdirSync(FLOWS).filter((file) => file !== 'config.yaml');
  const inCode = testIds();

  test.each(flows)('%s taps only what the app has', (file) => {
    const flow = read(`client/.maestro/${file}`);
    const ids = [...flow.matchAll(/^\s+id: (\S+)$/gm)].map(([, id = '']) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter((id) => !inCode.some((form) => form.test(id)))).toEqual([]);
    expect(flow).not.toMatch(/\t/);
  });

  test.each(flows)('%s starts this app, by links that it opens, with parts that are there', (file) => {
    const flow = read(`client/.maestro/${file}`);
    const config = read('client/app.config.ts');
    expect(config).toContain(`const ID = '${/^appId: (\S+)$/m.exec(flow)?.[1]}'`);
    for (const [, scheme, route] of flow.matchAll(/openLink: (\w+):\/\/(\w+)/g)) {
      expect(config).toContain(`scheme: '${scheme}'`);
      expect(existsSync(join(ROOT, `client/src/app/${route}.tsx`)), route).toBe(true);
    }
    for (const [, part = ''] of flow.matchAll(/runFlow: (\S+)/g)) {
      expect(flows).toContain(part);
    }
  });

  test('record, guess and reveal are run', () => {
    const config = read('client/.maestro/config.yaml');
    expect([...config.matchAll(/- (\w+)\.yaml/g)].map(([, name]) => name)).toEqual(['record', 'guess', 'reveal']);
  });
});

describe('GitHub Actions', () => {
  const workflow = read('.github/workflows/ci.yml');

  test('every action is pinned to a commit, with its version beside it', () => {
    const uses = [...workflow.matchAll(/uses: (.+)/g)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(5);
    expect(uses.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action ?? ''))).toEqual([]);
  });

  test('it tests, builds the app bundle and runs the flows', () => {
    for (const command of [
      'run: npm test',
      'expo prebuild --no-install --platform android',
      ':app:bundleRelease',
      'maestro test client/.maestro',
    ]) {
      expect(workflow).toContain(command);
    }
  });
});

/** Every `testID` of the app as a form; one made of parts (`pick-${number}`) fits any number. */
function testIds(): RegExp[] {
  const folder = join(ROOT, 'client/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.tsx') && !file.endsWith('.test.tsx'),
  );
  const given = files.flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/testID=(?:"([^"]+)"|\{`([^`]+)`\})/g)]);
  return given.map(([, plain, made]) => new RegExp(`^${plain ?? (made ?? '').replace(/\$\{[^}]+\}/g, '\\d')}$`));
}
