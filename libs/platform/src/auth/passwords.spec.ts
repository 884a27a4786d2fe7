import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './passwords.js';

describe('passwords', () => {
  it('knows its own password and no other', async () => {
    const stored = await hashPassword('correct horse');
    expect(stored).toMatch(/^\$argon2id\$/);
    expect(await verifyPassword(stored, 'correct horse')).toBe(true);
    expect(await verifyPassword(stored, 'correct horsf')).toBe(false);
  });

  it('takes composed and decomposed spellings of one password as one', async () => {
    const stored = await hashPassword('Zu\u0308rich-2026');
    expect(await verifyPassword(stored, 'Z\u00fcrich-2026')).toBe(true);
  });

  it('says no, after the same work, where there is no user', async () => {
    expect(await verifyPassword(undefined, 'whatever it is')).toBe(false);
  });

  it('says no to a damaged hash and to a password of a megabyte', async () => {
    expect(await verifyPassword('$argon2id$nonsense', 'whatever')).toBe(false);
    const stored = await hashPassword('correct horse');
    expect(await verifyPassword(stored, 'x'.repeat(1_000_000))).toBe(false);
  });

  it.each(['', 'short', 'x'.repeat(257)])('refuses %j as a new password', async (password) => {
    await expect(hashPassword(password)).rejects.toMatchObject({ errors: [{ path: 'password' }] });
  });
});
