import { describe, expect, it } from 'vitest';
import { amountOf, secondsOf, unitOf } from './seconds';

describe('lengths of time in a form', () => {
  it.each([
    [1800, 'min', '30'],
    [90, 's', '90'],
    [3600, 'h', '1'],
    [86_400, 'd', '1'],
    [0, 's', '0'],
  ] as const)('%d seconds are said in %s', (seconds, unit, amount) => {
    expect(unitOf(seconds)).toBe(unit);
    expect(amountOf(seconds, unit)).toBe(amount);
    expect(secondsOf(amount, unit)).toBe(seconds);
  });

  it('stay in the unit that was chosen while it can say them', () => {
    expect(unitOf(3600, 'min')).toBe('min');
    expect(unitOf(90, 'min')).toBe('min');
    expect(amountOf(90, 'min')).toBe('1.5');
    expect(unitOf(undefined, 'h')).toBe('h');
  });

  it('are given on as they are where they are none', () => {
    expect(secondsOf('soon', 'min')).toBe('soon');
    expect(amountOf('soon', 'min')).toBe('soon');
    expect(secondsOf(' ', 'min')).toBeUndefined();
  });
});
