import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addInto, countIn, type Distribution, percentile, type StepCount, sizeOf } from './distribution.js';

const distributionOf = (values: readonly number[]): Distribution => {
  const counted: Record<string, StepCount> = {};
  for (const value of values) countIn(counted, value);
  return counted;
};

const durations = fc.array(fc.integer({ min: 0, max: 90_000_000 }), { minLength: 1, maxLength: 60 });

describe('a percentile', () => {
  it.each<[string, number[], number, number | undefined]>([
    ['of nothing is undefined', [], 0.5, undefined],
    ['of what always takes 25 s is 25 s', [25_000, 25_000, 25_000], 0.5, 25_000],
    ['is not drawn towards one that took long', [25_000, 25_000, 25_000, 60_000], 0.5, 25_000],
    ['is one that was seen, never a value between', [1_000, 9_000], 0.5, 1_000],
    ['is the smallest for the smallest share', [10, 1_000], 0, 10],
    ['is the largest for the whole', [10, 1_000], 1, 1_000],
    ['takes a share beyond all for the whole', [10, 1_000], 7, 1_000],
    ['takes a negative value for none', [-5], 0.5, 0],
  ])('%s', (_, values, p, expected) => {
    expect(percentile(distributionOf(values), p)).toBe(expected);
  });

  it('lies within what was seen, and within 5 % of the exact one', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, p) => {
        const sorted = values.toSorted((left, right) => left - right);
        const exact = sorted[Math.ceil(p * values.length) - 1]!;
        const found = percentile(distributionOf(values), p)!;
        expect(found).toBeGreaterThanOrEqual(sorted[0]!);
        expect(found).toBeLessThanOrEqual(sorted.at(-1)!);
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.051 * exact);
      }),
    );
  });
});

describe('two distributions', () => {
  it('come together to what counting all of it comes to', () => {
    fc.assert(
      fc.property(durations, durations, (left, right) => {
        const together: Record<string, StepCount> = {};
        addInto(together, distributionOf(left));
        addInto(together, distributionOf(right));
        expect(together).toEqual(distributionOf([...left, ...right]));
        expect(sizeOf(together)).toBe(left.length + right.length);
      }),
    );
  });
});
