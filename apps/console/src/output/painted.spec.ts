import { describe, expect, it } from 'vitest';
import { cleanText } from './clean-text';
import { contrast, legible, paletteColor } from './legible';
import { paint } from './painted';
import { PLAIN, RGB } from './sgr';

const painted = (raw: string, marked: Parameters<typeof paint>[2] = []) => paint(cleanText(raw), PLAIN, marked, false);

describe('a painted line', () => {
  it('is text in stretches; names of colours are classes', () => {
    expect(painted('a \x1b[1;32mok\x1b[0m b')).toEqual([
      { text: 'a ', classes: [] },
      { text: 'ok', classes: ['t-bold', 't-fg-2'] },
      { text: ' b', classes: [] },
    ]);
  });

  it('says everything that was written, whatever is marked in it', () => {
    const raw = '\x1b[31mcon\x1b[0mnection \u202erefused\x00';
    const parts = painted(raw, [{ start: 1, end: 9, isCurrent: true }]);
    expect(parts.map(({ text }) => text).join('')).toBe('connection ⟨U+202E⟩refused␀');
    expect(parts.filter(({ classes }) => classes.includes('t-current')).map(({ text }) => text)).toEqual([
      'on',
      'nectio',
    ]);
    expect(parts.filter(({ classes }) => classes.includes('t-mark')).map(({ text }) => text)).toEqual([
      '⟨U+202E⟩',
      '␀',
    ]);
  });

  it('puts nothing but numbers into styles', () => {
    for (const { style } of painted('\x1b[38;2;1;2;3;48;5;200mx\x1b[0;38;5;208my\x1b[38;2;9;9;9mz')) {
      for (const value of Object.values(style ?? {})) expect(value).toMatch(/^rgb\(\d+ \d+ \d+\)$/);
    }
  });

  it('turns colours over', () => {
    expect(painted('\x1b[7mx')).toEqual([{ text: 'x', classes: ['t-inverse'] }]);
    expect(painted('\x1b[7;31mx')[0]!.style).toHaveProperty('background-color', 'rgb(197 15 31)');
  });
});

describe('legible colours', () => {
  it('reach the contrast of AA on any ground', () => {
    for (const ground of [
      [16, 24, 23],
      [241, 245, 244],
      [197, 15, 31],
      [118, 118, 118],
      [240, 210, 90],
    ] as const) {
      for (let color = 0; color < 256; color += 1) {
        expect(contrast(legible(paletteColor(color), ground), ground)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('leave a colour that can be read as it is', () => {
    expect(legible([0, 90, 190], [255, 255, 255])).toEqual([0, 90, 190]);
    expect(paletteColor(RGB | 0x14c878)).toEqual([20, 200, 120]);
  });
});
