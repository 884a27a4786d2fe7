import { describe, expect, it } from 'vitest';
import { fieldOf, instantOf, isPeriod, startOf } from './period';

const NOW = Date.parse('2026-11-21T03:30:00Z');

describe('stretches of time', () => {
  it('begin where their names say', () => {
    expect(new Date(startOf('1h', NOW, 'UTC')).toISOString()).toBe('2026-11-21T02:30:00.000Z');
    expect(new Date(startOf('7d', NOW, 'UTC')).toISOString()).toBe('2026-11-14T03:30:00.000Z');
    expect(new Date(startOf('today', NOW, 'Asia/Shanghai')).toISOString()).toBe('2026-11-20T16:00:00.000Z');
    expect(new Date(startOf('today', NOW, 'America/New_York')).toISOString()).toBe('2026-11-20T05:00:00.000Z');
    expect([isPeriod('24h'), isPeriod('toString'), isPeriod('')]).toEqual([true, false, false]);
  });
});

describe('a time on the clock of a zone', () => {
  it.each([
    ['2026-11-21T01:00', 'Asia/Shanghai', '2026-11-20T17:00:00.000Z'],
    ['2026-07-01T12:00', 'Europe/Rome', '2026-07-01T10:00:00.000Z'],
    // Twice: the first.
    ['2026-10-25T02:30', 'Europe/Rome', '2026-10-25T00:30:00.000Z'],
    // Never: the moment after.
    ['2026-03-29T02:30', 'Europe/Rome', '2026-03-29T01:30:00.000Z'],
    ['2026-11-21T01:00', 'UTC', '2026-11-21T01:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(new Date(instantOf(text, zone)!).toISOString()).toBe(expected);
  });

  it('is no time when it is none', () => {
    expect([instantOf('', 'UTC'), instantOf('yesterday', 'UTC'), instantOf('2026-13-01T00:00', 'UTC')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is read as it is written', () => {
    expect(instantOf(fieldOf(NOW, 'Asia/Kolkata'), 'Asia/Kolkata')).toBe(NOW);
  });
});
