import { expect, test } from 'vitest';
import { passwordsContract } from '../../test/contracts/passwords.ts';
import { argonPasswords } from './argon-passwords.ts';

passwordsContract('argon2id', async () => argonPasswords());

test('hashes say argon2id with the parameters of OWASP', async () => {
  expect(await argonPasswords().hash('testpassword')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('a crowd waits in a queue of bounded length; who does not fit in is told when to come again', async () => {
  const passwords = argonPasswords(2);
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => passwords.hash('testpassword')));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused.length).toBeGreaterThan(10);
  expect(refused[0]?.reason).toMatchObject({ code: 'busy', retry_after_seconds: 2 });
  expect(20 - refused.length).toBeGreaterThanOrEqual(3);
  expect(await passwords.hash('testpassword')).toContain('argon2id');
});

test('a hash that is none does not block the next one', async () => {
  const passwords = argonPasswords(0);
  await expect(passwords.verify('nonsense', 'x')).rejects.toThrow();
  expect(await passwords.verify(null, 'x')).toBe(false);
});
