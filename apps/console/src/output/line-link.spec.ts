import { describe, expect, it } from 'vitest';
import { clickedRange, hashOfRange, rangeOfHash } from './line-link';

describe('links to lines', () => {
  it.each([
    ['#L120', { from: 120, to: 120 }],
    ['#L120-L130', { from: 120, to: 130 }],
    ['#L130-L120', { from: 120, to: 130 }],
    ['#L0', undefined],
    ['#L', undefined],
    ['#content', undefined],
    ['', undefined],
    ['#L1x', undefined],
    ['#L99999999999', undefined],
  ])('%s', (hash, range) => {
    expect(rangeOfHash(hash)).toEqual(range);
  });

  it('are read as they are written', () => {
    for (const range of [
      { from: 7, to: 7 },
      { from: 7, to: 9 },
    ]) {
      expect(rangeOfHash(hashOfRange(range))).toEqual(range);
    }
  });

  it('select one line by a click, and stretch with shift both ways', () => {
    expect(clickedRange(undefined, 5, true)).toEqual({ from: 5, to: 5 });
    expect(clickedRange({ from: 5, to: 5 }, 9, true)).toEqual({ from: 5, to: 9 });
    expect(clickedRange({ from: 5, to: 9 }, 3, true)).toEqual({ from: 3, to: 5 });
    expect(clickedRange({ from: 5, to: 9 }, 3, false)).toEqual({ from: 3, to: 3 });
  });
});
