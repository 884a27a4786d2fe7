import { describe, expect, it } from 'vitest';
import { cellsOf, RowHeights } from './row-heights';

describe('heights of rows', () => {
  it('are one line each without wrapping', () => {
    const heights = new RowHeights();
    heights.grow(1_000_000);
    expect([heights.total, heights.topOf(777_777), heights.rowAt(777_777.9)]).toEqual([1_000_000, 777_777, 777_777]);
    expect([heights.rowAt(-5), heights.rowAt(2_000_000)]).toEqual([0, 999_999]);
  });

  it('find the row at every place, and the place of every row', () => {
    const heightOf = (index: number): number => 1 + (index % 7);
    const heights = new RowHeights(heightOf);
    heights.grow(1_000);
    let top = 0;
    for (let row = 0; row < 1_000; row += 1) {
      expect(heights.topOf(row)).toBe(top);
      expect([heights.rowAt(top), heights.rowAt(top + heightOf(row) - 0.1)]).toEqual([row, row]);
      top += heightOf(row);
    }
    expect(heights.total).toBe(top);
    expect(heights.rowAt(top + 10)).toBe(999);
  });

  it('can be corrected, and grow', () => {
    const heights = new RowHeights(() => 1);
    heights.grow(500);
    expect([heights.set(300, 5), heights.set(300, 3)]).toEqual([4, -2]);
    heights.grow(600);
    expect([heights.total, heights.topOf(301), heights.topOf(300)]).toEqual([602, 303, 300]);
  });

  it('are those of nothing at first', () => {
    expect([new RowHeights().total, new RowHeights(() => 2).rowAt(5)]).toEqual([0, 0]);
  });
});

describe('cells of a terminal', () => {
  it.each([
    ['plain', 5],
    ['', 0],
    ['任务', 4],
    ['a\tb', 9],
    ['한글', 4],
    ['✅ ok', 5],
    ['é', 1],
  ])('%j takes %i', (text, cells) => {
    expect(cellsOf(text)).toBe(cells);
  });
});
