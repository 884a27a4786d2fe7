import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileSchedule } from './compile.js';
import { TimeZone } from './time-zone.js';

const at = (iso: string): number => Date.parse(iso) / 1000;

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a time zone', () => {
  it('is one object for one zone, in any case', () => {
    expect(TimeZone.of('europe/rome')).toBe(TimeZone.of('Europe/Rome'));
  });

  it.each(['Foo/Bar', '', '+02:00', 'Europe/Rome ', '../x', 'Europe\\Rome', 'IST', 'cst', 'JST'])(
    'is not %j',
    (name) => {
      expect(TimeZone.of(name)).toBeUndefined();
    },
  );

  const instants: readonly (readonly [zone: string, wallClock: string, instant: string])[] = [
    ['Europe/Rome', '2026-07-01T12:00:00Z', '2026-07-01T10:00:00Z'],
    ['Europe/Rome', '2026-03-29T02:30:00Z', '2026-03-29T01:00:00Z'],
    ['Europe/Rome', '2026-10-25T02:30:00Z', '2026-10-25T00:30:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15:00Z', '2026-10-03T15:30:00Z'],
    ['Asia/Kolkata', '2026-01-01T00:00:00Z', '2025-12-31T18:30:00Z'],
    ['Pacific/Kiritimati', '2026-01-01T00:00:00Z', '2025-12-31T10:00:00Z'],
    ['Pacific/Apia', '2011-12-30T12:00:00Z', '2011-12-30T10:00:00Z'],
    ['Africa/Monrovia', '1971-06-01T00:00:00Z', '1971-06-01T00:44:30Z'],
    ['America/New_York', '9999-07-01T12:00:00Z', '9999-07-01T16:00:00Z'],
  ];

  it.each(instants)('of %s shows %s first at %s', (zone, wallClock, instant) => {
    expect(TimeZone.of(zone)?.firstInstantOf(at(wallClock))).toBe(at(instant));
  });

  it.each(Intl.supportedValuesOf('timeZone'))('of %s is what Intl says, at every change and between', (name) => {
    const zone = TimeZone.of(name)!;
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    const offset = (second: number): number => offsetSeconds(format.format(second * 1000));
    for (let segment = zone.segmentAt(at('2026-01-01T00:00:00Z')); segment.start < at('2028-01-01T00:00:00Z'); ) {
      const last = Math.min(segment.end - 1, at('2100-01-01T00:00:00Z'));
      const middle = Math.max(segment.start, at('2026-01-01T00:00:00Z')) / 2 + last / 2;
      for (const second of [middle, last]) expect(offset(second)).toBe(segment.offset);
      if (Number.isFinite(segment.start)) expect(offset(segment.start - 1)).toBe(segment.offsetBefore);
      if (segment.end > at('2028-01-01T00:00:00Z')) break;
      segment = zone.segmentAt(segment.end);
    }
  });

  it('asks Intl nothing about years it has seen', () => {
    const schedule = compileSchedule({ cronExpr: '*/7 * * * *', timezone: 'America/Denver' }, 'job');
    const year = [Date.UTC(2026, 0, 2), Date.UTC(2026, 11, 30)] as const;
    schedule.next(year[0]);
    schedule.next(Date.UTC(2026, 6, 1));
    const asked = spyOnIntl();
    let fires = 0;
    for (let fire = schedule.next(year[0]); fire !== undefined && fire < year[1]; fire = schedule.next(fire)) fires++;
    // 60 / 7 rounded up is 9 an hour.
    expect(fires).toBeGreaterThan(9 * 24 * 360);
    expect(asked).not.toHaveBeenCalled();
  });

  it('asks Intl a few hundred times for a year it has not seen', () => {
    const schedule = compileSchedule({ cronExpr: '0 4 * * *', timezone: 'America/Chicago' }, 'job');
    const asked = spyOnIntl();
    schedule.next(Date.UTC(2033, 5, 1));
    expect(asked.mock.calls.length).toBeLessThan(300);
  });
});

/** `format` is a getter, which its type does not say. */
function spyOnIntl() {
  return vi.spyOn(Intl.DateTimeFormat.prototype as { readonly format: unknown }, 'format', 'get');
}

/** "7/1/2026, GMT+05:30" in seconds. */
function offsetSeconds(text: string): number {
  const [, sign, hours, minutes, seconds = '0'] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?/.exec(text) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}
