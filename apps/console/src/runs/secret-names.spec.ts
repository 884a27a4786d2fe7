import { describe, expect, it } from 'vitest';
import { looksSecret } from './secret-names';

describe('a secret', () => {
  it.each([
    ['LEDGER_KEY', 'x', true],
    ['DB_PASSWORD', 'x', true],
    ['API_TOKEN', 'x', true],
    ['AWS_SECRET_ACCESS_KEY', 'x', true],
    ['DATABASE_URL', 'postgres://ann:hunter2@db/ledger', true],
    ['DATABASE_URL', 'postgres://db/ledger', false],
    ['DAY', '2026-11-20', false],
    ['KEYBOARD', 'us', false],
    ['PATH', '/usr/bin', false],
  ])('%s=%s: %s', (name, value, expected) => {
    expect(looksSecret(name, value)).toBe(expected);
  });
});
