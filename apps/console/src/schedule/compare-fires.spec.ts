import { describe, expect, it } from 'vitest';
import { compareFires } from './compare-fires';

const HOUR = 3_600_000;
const hours = (...values: number[]) => values.map((value) => value * HOUR);
const told = (saved: readonly number[], next: readonly number[], limit?: number) =>
  compareFires(saved, next, { limit }).map(({ at, isKept, gone }) => [
    at === undefined ? '-' : at / HOUR,
    isKept ? 'kept' : 'new',
    gone.map((each) => each / HOUR),
  ]);

describe('fires against the saved ones', () => {
  it('are plain where nothing changes', () => {
    const fires = hours(1, 25, 49);
    expect(told(fires, fires)).toEqual([
      [1, 'kept', []],
      [25, 'kept', []],
      [49, 'kept', []],
    ]);
  });

  it('stand beside those they take the place of', () => {
    expect(told(hours(1, 25, 49), hours(2, 26, 50))).toEqual([
      [2, 'new', [1]],
      [26, 'new', [25]],
      [50, 'new', [49]],
    ]);
  });

  it('gather the many that fall away', () => {
    expect(told(hours(1, 2, 3, 4, 5, 6), hours(2, 6), 2)).toEqual([
      [2, 'kept', [1, 3]],
      [6, 'kept', [4, 5]],
    ]);
  });

  it('show what is added between', () => {
    expect(told(hours(2, 4), hours(1, 2, 3, 4))).toEqual([
      [1, 'new', []],
      [2, 'kept', []],
      [3, 'new', []],
      [4, 'kept', []],
    ]);
  });

  it('do not compare beyond what both lists reach', () => {
    expect(told(hours(1, 25, 49, 73, 97), hours(1, 25), 2)).toEqual([
      [1, 'kept', []],
      [25, 'kept', []],
    ]);
  });

  it('tell what falls away where the schedule ends', () => {
    expect(told(hours(1, 25, 49, 73), hours(1))).toEqual([
      [1, 'kept', []],
      ['-', 'new', [25]],
      ['-', 'new', [49]],
      ['-', 'new', [73]],
    ]);
    expect(told(hours(1, 25), [])).toEqual([
      ['-', 'new', [1]],
      ['-', 'new', [25]],
    ]);
  });

  it('stand beside those of the same time of day, whatever the zone', () => {
    // 01:00 eight hours ahead becomes 01:30 five hours behind.
    const rows = compareFires(hours(17, 41, 65), hours(6.5, 30.5, 54.5, 78.5), {
      limit: 3,
      savedClock: (at) => at + 8 * HOUR,
      nextClock: (at) => at - 5 * HOUR,
    });
    expect(rows.map(({ gone }) => gone)).toEqual([[], hours(17), hours(41)]);
  });

  it('of a new job are all new', () => {
    expect(told([], hours(1, 2))).toEqual([
      [1, 'new', []],
      [2, 'new', []],
    ]);
  });
});
