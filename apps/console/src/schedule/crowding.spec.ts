import { describe, expect, it } from 'vitest';
import { crowdOf } from './crowding';

const hour = (counts: Readonly<Record<number, number>>, rest = 0) =>
  Array.from({ length: 60 }, (_, minute) => counts[minute] ?? rest);

describe('how crowded a minute is', () => {
  it('leaves the job itself out', () => {
    expect(crowdOf(hour({ 30: 38 }), 30, 1)).toEqual({ others: 37, better: { minute: 29, others: 0 } });
  });

  it('offers the nearest of the emptiest minutes', () => {
    expect(crowdOf(hour({ 30: 38, 29: 7, 34: 2, 20: 2 }, 9), 30, 0).better).toEqual({ minute: 34, others: 2 });
  });

  it('offers nothing where it would not help, or nobody is in the way', () => {
    expect(crowdOf(hour({ 30: 10 }, 6), 30, 0)).toEqual({ others: 10 });
    expect(crowdOf(hour({ 30: 2 }), 30, 0)).toEqual({ others: 2 });
    expect(crowdOf(hour({ 30: 1 }), 30, 1)).toEqual({ others: 0 });
  });
});
