import { describe, expect, it } from 'vitest';
import { countOutcomes, whyNot } from './use-fires-within';

const DAY = 86_400_000;

describe('a range of fires', () => {
  it('ends after it begins and spans a year at most', () => {
    expect(whyNot({ from: 5, to: 4 })).toBe('wrongOrder');
    expect(whyNot({ from: 5, to: 5 })).toBeUndefined();
    expect(whyNot({ from: 0, to: 365 * DAY })).toBeUndefined();
    expect(whyNot({ from: 0, to: 366 * DAY })).toBe('tooLong');
  });

  it('is counted by outcome', () => {
    expect(
      countOutcomes([{ status: 'failed' }, { status: 'succeeded' }, { status: 'failed' }, { status: 'planned' }]),
    ).toEqual({
      failed: 2,
      succeeded: 1,
    });
  });
});
