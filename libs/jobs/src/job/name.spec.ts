import { describe, expect, it } from 'vitest';
import { checkName } from './name.js';

describe('a name', () => {
  it.each([
    'a',
    '7',
    'nightly-report',
    'a.b_c-D',
    '每日报表',
    'งานประจำวัน',
    'été',
    'दैनिक',
    'x'.repeat(128),
    '𠮷'.repeat(128),
  ])('may be %s', (name) => expect(checkName(name)).toBeUndefined());

  const bad: readonly (readonly [name: string, reason: RegExp])[] = [
    ['', /empty/],
    ['a/b', /only letters/],
    ['..', /begin with a letter/],
    ['.hidden', /begin with a letter/],
    ['-x', /begin with a letter/],
    ['_x', /begin with a letter/],
    ['a b', /only letters/],
    [' a', /begin with/],
    ['a\0', /only letters/],
    ['a\n', /only letters/],
    ['a\u202eb', /only letters/],
    ['a\u200bb', /only letters/],
    ['a\u3164', /invisible/],
    ['a\ufe0f', /invisible/],
    ['e\u0301te\u0301', /form C/],
    ['\u0301a', /begin with/],
    ['a😀', /only letters/],
    ['a%2fb', /only letters/],
    ['x'.repeat(129), /at most 128/],
    ['x'.repeat(10_000), /at most 128/],
    ['𠮷'.repeat(129), /at most 128/],
    ['a\ud800', /only letters/],
  ];

  it.each(bad)('may not be %j', (name, reason) => {
    expect(checkName(name)).toMatch(reason);
  });
});
