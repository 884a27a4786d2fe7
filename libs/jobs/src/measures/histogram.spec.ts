import { describe, expect, it } from 'vitest';
import { Histogram, quantileOf } from './histogram.js';

const BOUNDS = [10, 100, 1000];

function histogramOf(...values: readonly number[]): Histogram {
  const histogram = new Histogram(BOUNDS);
  for (const value of values) histogram.add(value);
  return histogram;
}

describe('a histogram', () => {
  it('counts each value in the first bucket whose bound it does not pass', () => {
    const { counts, sum } = histogramOf(0, 10, 11, 100, 1000, 1001, 99_999);
    expect(counts).toEqual([2, 2, 1, 2]);
    expect(sum).toBe(102_121);
  });

  it('gives out the largest value since it was last asked', () => {
    const histogram = histogramOf(3, 70, 5);
    expect(histogram.takeLargest()).toBe(70);
    expect(histogram.takeLargest()).toBe(0);
    histogram.add(4);
    expect(histogram.takeLargest()).toBe(4);
  });
});

describe('a quantile', () => {
  it.each<[string, readonly number[], number, number]>([
    ['of nothing is 0', [], 0.99, 0],
    ['of one value is that value', [42], 0.99, 42],
    ['of few values is the largest', [3, 4, 420], 0.99, 420],
    ['beyond the last bound is the largest', [5000, 7000], 0.99, 7000],
    ['lies between the bounds', [20, 30, 40, 50, 60, 70, 80, 90, 95, 99], 0.5, 55],
  ])('%s', (_, values, share, expected) => {
    expect(quantileOf(histogramOf(...values), share, Math.max(0, ...values))).toBe(expected);
  });

  it('is above a bound exactly when more than its rest is', () => {
    const early = Array.from({ length: 99 }, () => 20);
    expect(quantileOf(histogramOf(...early, 500), 0.99, 500)).toBeLessThanOrEqual(100);
    expect(quantileOf(histogramOf(...early.slice(1), 500, 500), 0.99, 500)).toBeGreaterThan(100);
  });
});
