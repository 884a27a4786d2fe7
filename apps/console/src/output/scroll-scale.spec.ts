import { describe, expect, it } from 'vitest';
import { HIGHEST, scrollScale } from './scroll-scale';

describe('the scrollbar of a long list', () => {
  it('is that of the browser where the list is short enough', () => {
    const scale = scrollScale(10_000, 500);
    expect([scale.height, scale.furthest, scale.toPlace(1_234), scale.toBar(1_234)]).toEqual([
      10_000, 9_500, 1_234, 1_234,
    ]);
  });

  it('is scaled beyond that, and reaches both ends', () => {
    const scale = scrollScale(19_000_000, 500);
    expect(scale.height).toBe(HIGHEST);
    expect(scale.toPlace(0)).toBe(0);
    expect(scale.toPlace(HIGHEST - 500)).toBe(19_000_000 - 500);
    expect(scale.toPlace(scale.toBar(12_345_678))).toBeCloseTo(12_345_678, 3);
  });

  it('stays at the top where everything is seen', () => {
    const scale = scrollScale(100, 500);
    expect([scale.furthest, scale.toPlace(50), scale.toBar(0)]).toEqual([0, 0, 0]);
  });
});
