import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantAt, wallTimeOf } from './wall-time';

describe('times on the clocks of a zone', () => {
  it.each([
    ['2026-12-01T08:00', 'Asia/Shanghai', '2026-12-01T00:00:00Z'],
    ['2026-12-01T08:00:30', 'UTC', '2026-12-01T08:00:30Z'],
    ['2026-07-01T08:00', 'America/New_York', '2026-07-01T12:00:00Z'],
    // Shown twice: the first. Never shown: as much after the change.
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30:00Z'],
    ['2026-06-01T10:15', 'Asia/Kathmandu', '2026-06-01T04:30:00Z'],
  ])('%s in %s is %s', (wall, zone, instant) => {
    expect(instantAt(wall, zone)).toBe(instant);
  });

  it('lead to an instant and back', () => {
    const hours = fc.integer({ min: 438_000, max: 526_000 });
    const zones = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe');
    fc.assert(
      fc.property(hours, zones, (hour, zone) => {
        const wall = wallTimeOf(new Date(hour * 3_600_000).toISOString(), zone);
        expect(wallTimeOf(instantAt(wall, zone), zone)).toBe(wall);
      }),
    );
  });

  it('are nothing where there is none', () => {
    expect(wallTimeOf(undefined, 'UTC')).toBe('');
    expect(wallTimeOf('soon', 'UTC')).toBe('');
    expect(instantAt('', 'UTC')).toBeUndefined();
  });
});
