import type { Session } from '@2t1l/contract/schemas';
import { expect, test } from 'vitest';
import { buildTestApp } from '../../test/app.ts';

const ME = '/api/v1/me';

test('consents are written one by one, the date of the terms stays, and a refusal changes nothing', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.account();
  const put = (body: unknown) => at.call('PUT', `${ME}/consents`, { token, body });
  const accepted = (await put({ terms: true, birth_year: 1990 })).json();
  expect(accepted).toMatchObject({ birth_year: 1990, tells: false });
  expect(accepted.terms_accepted_at).toMatch(/Z$/);
  expect((await put({ terms: true, tells: true })).json()).toEqual({ ...accepted, tells: true });
  const thisYear = new Date().getUTCFullYear();
  expect((await put({ birth_year: thisYear - 5, terms: false })).json()).toMatchObject({ status: 403, code: 'too_young' });
  expect((await put({ birth_year: 'old' })).json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '#/birth_year' }] });
  expect((await at.call('GET', ME, { token })).json().consents).toEqual({ ...accepted, tells: true });
  expect((await put({ terms: false })).json().terms_accepted_at).toBeNull();
});

test('a player takes another name, but not one that is taken', async () => {
  await using at = await buildTestApp();
  await at.account('anna');
  const { access_token: token } = await at.account('bert');
  const patch = (body: unknown) => at.call('PATCH', ME, { token, body });
  expect((await patch({ username: 'ANNA' })).json()).toMatchObject({ status: 409, code: 'username_taken' });
  expect((await patch({ username: 'Bert' })).json().username).toBe('Bert');
  expect((await patch({})).json().username).toBe('Bert');
  expect((await patch({ email: 'x@example.com' })).json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '#/email' }] });
  expect((await at.call('PATCH', ME, { body: { username: 'carl' } })).json()).toMatchObject({ status: 401, code: 'unauthenticated' });
});

test('sessions are listed newest first and ended one by one or all but this', async () => {
  await using at = await buildTestApp();
  const first = await at.account('anna');
  const login = async () =>
    (
      await at.call('POST', '/auth/login', { body: { email: first.email, password: first.password }, headers: { 'user-agent': 'phone' } })
    ).json();
  const second = await login();
  const third = await login();
  const list = async (token: string) => (await at.call('GET', `${ME}/sessions`, { token })).json<{ items: Session[] }>().items;
  const sessions = await list(third.access_token);
  expect(sessions.map(({ is_current, user_agent }) => [is_current, user_agent])).toEqual([
    [true, 'phone'],
    [false, 'phone'],
    [false, 'lightMyRequest'],
  ]);
  const end = (id: string | undefined, token: string) => at.call('DELETE', `${ME}/sessions/${id}`, { token });
  expect((await end(sessions[1]?.id, third.access_token)).statusCode).toBe(204);
  expect((await at.call('GET', ME, { token: second.access_token })).json().code).toBe('session_ended');
  expect((await end(sessions[1]?.id, third.access_token)).json()).toMatchObject({ status: 404, code: 'session_not_found' });
  const stranger = await at.account('bert');
  expect((await end(sessions[0]?.id, stranger.access_token)).json().code).toBe('session_not_found');
  expect((await end('no-uuid', third.access_token)).json()).toMatchObject({
    code: 'invalid_request',
    errors: [{ pointer: '#/params/id' }],
  });
  expect((await at.call('DELETE', `${ME}/sessions`, { token: third.access_token })).statusCode).toBe(204);
  expect((await at.call('GET', ME, { token: first.access_token })).json().code).toBe('session_ended');
  expect(await list(third.access_token)).toHaveLength(1);
  expect(await list(stranger.access_token)).toHaveLength(1);
});

test('sessions come page by page', async () => {
  await using at = await buildTestApp();
  const { email, password, access_token: token } = await at.account();
  for (let count = 0; count < 4; count++) {
    await at.call('POST', '/api/v1/auth/login', { body: { email, password } });
  }
  const all = (await at.call('GET', `${ME}/sessions`, { token })).json();
  expect([all.items.length, all.next_cursor]).toEqual([5, null]);
  const first = (await at.call('GET', `${ME}/sessions?limit=3`, { token })).json();
  const second = (await at.call('GET', `${ME}/sessions?limit=3&cursor=${first.next_cursor}`, { token })).json();
  expect([...first.items, ...second.items]).toEqual(all.items);
  expect(second.next_cursor).toBeNull();
  const foreign = await at.call('GET', `/api/v1/me/challenges?cursor=${first.next_cursor}`, { token });
  expect(foreign.json().code).toBe('invalid_request');
});

test('the list of sessions and the end of them are found by an index', async () => {
  await using at = await buildTestApp();
  const { sql } = await import('kysely');
  const plan = await sql<{ detail: string }>`explain query plan
    select id from sessions where user_id = 'x' and ended_at is null order by id desc limit 100`.execute(at.ports.db);
  expect(plan.rows.map(({ detail }) => detail).join()).toMatch(/SEARCH sessions USING INDEX/);
});
