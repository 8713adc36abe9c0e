import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildTestApp } from '../../test/app.ts';

const FILES = ['/.well-known/assetlinks.json', '/.well-known/apple-app-site-association'];
const PRINTS = [Array(32).fill('AB').join(':'), Array(32).fill('0F').join(':')];

test('without settings no app may open the links', async () => {
  await using at = await buildTestApp();
  for (const file of FILES) {
    const answer = await at.call('GET', file);
    expect([file, answer.statusCode, answer.json().code]).toEqual([file, 404, 'not_found']);
  }
});

test('with its settings each system learns which app may open challenges', async () => {
  await using at = await buildTestApp({}, { ANDROID_CERT_FINGERPRINTS: PRINTS.join(', ').toLowerCase(), APPLE_TEAM_ID: 'ABCDE12345' });
  const [android, apple] = await Promise.all(FILES.map((file) => at.call('GET', file)));
  for (const answer of [android, apple]) {
    expect([answer?.statusCode, answer?.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  }
  const config = await readFile(new URL('../../../client/app.config.ts', import.meta.url), 'utf8');
  const id = /^const ID = '(.+)';$/m.exec(config)?.[1];
  expect(android?.json()).toEqual([
    {
      relation: ['delegate_permission/common.handle_all_urls'],
      target: { namespace: 'android_app', package_name: id, sha256_cert_fingerprints: PRINTS },
    },
  ]);
  expect(apple?.json()).toEqual({ applinks: { details: [{ appIDs: [`ABCDE12345.${id}`], components: [{ '/': '/c/*' }] }] } });
});

test.each([{ ANDROID_CERT_FINGERPRINTS: 'AB:CD' }, { APPLE_TEAM_ID: 'my team' }])('%o stops the start', async (settings) => {
  await expect(buildTestApp({}, settings)).rejects.toThrow(Object.keys(settings)[0]);
});

test('another host’s name gets nothing', async () => {
  await using at = await buildTestApp({}, { APPLE_TEAM_ID: 'ABCDE12345', ALLOWED_HOSTS: 'play.example.com' });
  const answer = await at.call('GET', FILES[1] ?? '', { headers: { host: 'evil.example' } });
  expect(answer.json().code).toBe('host_not_allowed');
});
