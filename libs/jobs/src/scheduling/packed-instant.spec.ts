import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, isPackable, pack } from './packed-instant.js';

describe('a packed instant', () => {
  it.each([
    '1970-01-01T00:00:00.000Z',
    '1970-01-01T00:00:00.001Z',
    '2019-12-31T23:59:59.000Z',
    '2020-01-01T00:00:00.000Z',
    '2020-01-01T00:00:00.001Z',
    '2026-11-30T01:00:00.000Z',
    '2054-01-10T13:37:03.000Z',
    '2054-01-10T13:37:04.000Z',
    '9999-12-31T23:59:59.000Z',
  ])('is %s again', (text) => {
    expect(new Date(instantOf(pack(Date.parse(text)))).toISOString()).toBe(text);
  });

  it('is any instant again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (instant) => instantOf(pack(instant)) === instant),
    );
  });

  it('is any second again at which a job may fire', () => {
    const second = fc.integer({ min: Date.UTC(2019, 0) / 1000, max: Date.UTC(2056, 0) / 1000 });
    fc.assert(fc.property(second, (at) => instantOf(pack(at * 1000)) === at * 1000));
  });

  it('is a small number for the seconds at which jobs fire', () => {
    expect(Math.abs(pack(Date.UTC(2050, 0)))).toBeLessThan(2 ** 30);
  });

  it('is nothing for what lies before 1970', () => {
    expect([0, -1, Number.NEGATIVE_INFINITY].map(isPackable)).toEqual([true, false, false]);
  });
});
