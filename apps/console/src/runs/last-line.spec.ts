import { describe, expect, it } from 'vitest';
import { lastLine } from './last-line';

describe('the last line of an output', () => {
  it.each([
    ['a\nb\n', 'b'],
    ['a\n\n  \n', 'a'],
    ['10%\r100%\n', '100%'],
    ['\x1b[31mred\x1b[0m\n', 'red'],
    ['', undefined],
    [undefined, undefined],
  ])('of %j is %j', (text, expected) => {
    expect(lastLine(text)).toBe(expected);
  });
});
