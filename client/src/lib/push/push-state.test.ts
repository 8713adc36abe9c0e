import type { PushState } from '@2t1l/contract/push';
import { expect, it } from '@jest/globals';
import type { PushPermission } from './push-device.types.ts';
import { FIRST_WANTS, type PushView, pushView, wantsAfter } from './push-state.ts';

const open: PushState = { kinds: ['expo', 'web'], web_key: 'key', device: null };
const asked: PushState = { ...open, device: { kind: 'web', language: 'en', wants: FIRST_WANTS } };
const off: PushState = { kinds: [], web_key: null, device: null };

const CASES: [string, PushState | null, PushPermission | null, PushView][] = [
  ['nothing is known', null, 'granted', { status: 'loading' }],
  ['the device has not answered', open, null, { status: 'loading' }],
  ['the server sends nothing, whatever the device says', off, 'granted', { status: 'closed', why: 'off' }],
  ['nobody was asked', open, 'askable', { status: 'off' }],
  ['allowed, and not asked for', open, 'granted', { status: 'off' }],
  ['allowed and asked for', asked, 'granted', { status: 'on', wants: FIRST_WANTS }],
  ['refused', open, 'denied', { status: 'closed', why: 'denied' }],
  ['refused later, in the device’s own settings', asked, 'denied', { status: 'closed', why: 'denied' }],
  ['taken back in the browser, so that its address is void', asked, 'askable', { status: 'off' }],
  ['a browser that needs the home screen', open, 'install', { status: 'closed', why: 'install' }],
  ['a browser without any', open, 'none', { status: 'closed', why: 'none' }],
];

it.each(CASES)('%s', (_what, server, permission, expected) => {
  expect(pushView('web', server, permission)).toEqual(expected);
});

it('a server that sends to browsers alone sends nothing to a phone', () => {
  expect(pushView('expo', { ...open, kinds: ['web'] }, 'askable')).toEqual({ status: 'closed', why: 'off' });
});

it('nothing but what the player’s own challenges do is on at first, and the last switch turns all off', () => {
  expect(FIRST_WANTS.digest).toBe(false);
  expect(wantsAfter(FIRST_WANTS, 'digest', true)).toEqual({ ...FIRST_WANTS, digest: true });
  const last = { published: false, failed: false, guessed: true, digest: false };
  expect(wantsAfter(last, 'guessed', false)).toBeNull();
});
