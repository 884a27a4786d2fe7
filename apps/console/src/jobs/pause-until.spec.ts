import { describe, expect, it } from 'vitest';
import { instantOf, pauseEndAt } from './pause-until';

const SATURDAY = Date.parse('2026-11-21T17:30:00.000Z');

describe('pauseEndAt', () => {
  it.each([
    ['resumed', 'Asia/Shanghai', undefined],
    ['hour', 'Asia/Shanghai', '2026-11-21T18:30:00.000Z'],
    // In Shanghai it is Sunday already, in New York noon of Saturday.
    ['tomorrow', 'Asia/Shanghai', '2026-11-23T01:00:00.000Z'],
    ['tomorrow', 'America/New_York', '2026-11-22T14:00:00.000Z'],
    ['monday', 'Asia/Shanghai', '2026-11-23T01:00:00.000Z'],
    ['monday', 'America/New_York', '2026-11-23T14:00:00.000Z'],
  ] as const)('%s, in %s', (end, zone, expected) => {
    const at = pauseEndAt(end, SATURDAY, zone);
    expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(expected);
  });

  it('means the next Monday on a Monday', () => {
    const monday = Date.parse('2026-11-23T12:00:00.000Z');
    expect(new Date(pauseEndAt('monday', monday, 'UTC') ?? 0).toISOString()).toBe('2026-11-30T09:00:00.000Z');
  });
});

describe('instantOf', () => {
  it.each([
    ['2026-03-28', '09:00:00', 'Europe/Berlin', '2026-03-28T08:00:00.000Z'],
    // The day the clocks go forward, and back.
    ['2026-03-29', '09:00:00', 'Europe/Berlin', '2026-03-29T07:00:00.000Z'],
    ['2026-10-25', '09:00:00', 'Europe/Berlin', '2026-10-25T08:00:00.000Z'],
    ['2026-10-04', '09:00:00', 'Australia/Lord_Howe', '2026-10-03T22:00:00.000Z'],
  ])('%s %s in %s is %s', (day, time, zone, expected) => {
    expect(new Date(instantOf(day, time, zone)).toISOString()).toBe(expected);
  });
});
