import { describe, expect, it } from 'vitest';
import { FLAGS, PLAIN, RGB, spansOf, styleAfter } from './sgr';

const styleOf = (sequence: string) => spansOf(`\x1b[${sequence}mx`)[0]!.style;

describe('colours of a terminal', () => {
  it.each([
    ['31', { fg: 1 }],
    ['97', { fg: 15 }],
    ['44', { bg: 4 }],
    ['103', { bg: 11 }],
    ['1;31', { fg: 1, flags: FLAGS.bold }],
    ['1;3;4;7;9', { flags: FLAGS.bold | FLAGS.italic | FLAGS.underline | FLAGS.inverse | FLAGS.strike }],
    ['38;5;208', { fg: 208 }],
    ['48;5;16;1', { bg: 16, flags: FLAGS.bold }],
    ['38;2;20;200;120', { fg: RGB | 0x14c878 }],
    ['38:2::20:200:120', { fg: RGB | 0x14c878 }],
    ['38:2:20:200:120', { fg: RGB | 0x14c878 }],
    ['38:5:208;1', { fg: 208, flags: FLAGS.bold }],
    ['4:3', { flags: FLAGS.underline }],
    ['4;4:0', {}],
    ['38;5;999', {}],
    ['38;2;1;2', {}],
    ['31;39', {}],
    ['1;31;0', {}],
    ['', {}],
    ['58;73;999', {}],
  ])('reads %s', (sequence, expected) => {
    expect(styleOf(sequence)).toEqual({ ...PLAIN, ...expected });
  });

  it('cuts a line into stretches of one style', () => {
    expect(spansOf('a \x1b[32mok\x1b[0m b')).toEqual([
      { text: 'a ', style: PLAIN },
      { text: 'ok', style: { ...PLAIN, fg: 2 } },
      { text: ' b', style: PLAIN },
    ]);
  });

  it('carries on from the line before', () => {
    const red = styleAfter('\x1b[31mbegin', PLAIN);
    expect(spansOf('goes on\x1b[39m', red)).toEqual([{ text: 'goes on', style: { ...PLAIN, fg: 1 } }]);
    expect(styleAfter('goes on\x1b[39m', red)).toEqual(PLAIN);
  });

  it('turns single weights off', () => {
    expect(styleAfter('\x1b[1;2;4m\x1b[22m', PLAIN)).toEqual({ ...PLAIN, flags: FLAGS.underline });
  });
});
