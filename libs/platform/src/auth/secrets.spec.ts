import { describe, expect, it } from 'vitest';
import { roleAllows } from './roles.js';
import { hashSecret, newSecret, secretsEqual } from './secrets.js';

describe('secrets', () => {
  it('are 256 bits and never the same', () => {
    const made = new Set(Array.from({ length: 100 }, newSecret));
    expect(made.size).toBe(100);
    for (const secret of made) {
      expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    }
  });

  it('are compared by value, whatever their lengths', () => {
    expect(secretsEqual('abc', 'abc')).toBe(true);
    expect(secretsEqual('abc', 'abd')).toBe(false);
    expect(secretsEqual('abc', 'abcd')).toBe(false);
  });

  it('are stored as sha256', () => {
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('roles', () => {
  it('include the ones below', () => {
    expect(roleAllows('admin', 'viewer')).toBe(true);
    expect(roleAllows('operator', 'operator')).toBe(true);
    expect(roleAllows('operator', 'editor')).toBe(false);
    expect(roleAllows('viewer', 'operator')).toBe(false);
  });
});
