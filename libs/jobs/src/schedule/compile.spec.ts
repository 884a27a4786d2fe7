import { InvalidInput } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { compileSchedule } from './compile.js';

const FROM = Date.UTC(2026, 0, 1) - 1;

function fires(cronExpr: string, count = 3, timezone = 'UTC', name = 'job'): string[] {
  const schedule = compileSchedule({ cronExpr, timezone }, name);
  const found: string[] = [];
  for (let at = schedule.next(FROM); at !== undefined && found.length < count; at = schedule.next(at)) {
    found.push(new Date(at).toISOString().replace(':00.000Z', '').replace('.000Z', ''));
  }
  return found;
}

describe('an expression', () => {
  const good: readonly (readonly [cronExpr: string, ...fires: string[]])[] = [
    ['0 2 * * *', '2026-01-01T02:00', '2026-01-02T02:00', '2026-01-03T02:00'],
    ['  0\t2 * * *  ', '2026-01-01T02:00', '2026-01-02T02:00'],
    ['*/20 * * * *', '2026-01-01T00:00', '2026-01-01T00:20', '2026-01-01T00:40'],
    ['5/20 * * * *', '2026-01-01T00:05', '2026-01-01T00:25', '2026-01-01T00:45'],
    ['*/30 * * * * *', '2026-01-01T00:00', '2026-01-01T00:00:30', '2026-01-01T00:01'],
    ['0 0 9 * * MON-FRI 2027', '2027-01-01T09:00', '2027-01-04T09:00'],
    ['0 0 0 1 1 ? 2028/4', '2028-01-01T00:00', '2032-01-01T00:00'],
    ['0 0 1 jan,JUL *', '2026-01-01T00:00', '2026-07-01T00:00'],
    ['0 0 * * FRI-SUN', '2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00', '2026-01-09T00:00'],
    ['0 0 * * 7', '2026-01-04T00:00', '2026-01-11T00:00'],
    ['0 0 * * 0', '2026-01-04T00:00', '2026-01-11T00:00'],
    ['0 0 * * 5-7', '2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00', '2026-01-09T00:00'],
    ['0 0 * * sunday', '2026-01-04T00:00'],
    ['0 0 13 * FRI', '2026-01-02T00:00', '2026-01-09T00:00', '2026-01-13T00:00', '2026-01-16T00:00'],
    ['0 0 */2 * MON', '2026-01-05T00:00', '2026-01-19T00:00', '2026-02-09T00:00'],
    ['0 0 ? * MON', '2026-01-05T00:00', '2026-01-12T00:00'],
    ['0 0 L * *', '2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00'],
    ['0 0 L-3 2 *', '2026-02-25T00:00', '2027-02-25T00:00', '2028-02-26T00:00'],
    ['0 0 LW * *', '2026-01-30T00:00', '2026-02-27T00:00', '2026-03-31T00:00'],
    ['0 0 15W * *', '2026-01-15T00:00', '2026-02-16T00:00', '2026-03-16T00:00'],
    ['0 0 1W 8 *', '2026-08-03T00:00', '2027-08-02T00:00'],
    ['0 0 31W * *', '2026-01-30T00:00', '2026-03-31T00:00', '2026-05-29T00:00'],
    ['0 0 1,L,15W * *', '2026-01-01T00:00', '2026-01-15T00:00', '2026-01-31T00:00', '2026-02-01T00:00'],
    ['0 0 * * 5L', '2026-01-30T00:00', '2026-02-27T00:00'],
    ['0 0 * * FRIL', '2026-01-30T00:00', '2026-02-27T00:00'],
    ['0 0 * * FRI#2', '2026-01-09T00:00', '2026-02-13T00:00'],
    ['0 0 * * 1#5', '2026-03-30T00:00', '2026-06-29T00:00'],
    ['0 0 * * 7#1,3#1', '2026-01-04T00:00', '2026-01-07T00:00', '2026-02-01T00:00'],
    ['0 0 29 2 *', '2028-02-29T00:00', '2032-02-29T00:00'],
    ['0 0 29 2 7', '2026-02-01T00:00', '2026-02-08T00:00'],
    ['0 0 29 2/1 *', '2026-03-29T00:00'],
    ['@yearly', '2026-01-01T00:00', '2027-01-01T00:00'],
    ['@annually', '2026-01-01T00:00'],
    ['@monthly', '2026-01-01T00:00', '2026-02-01T00:00'],
    ['@weekly', '2026-01-04T00:00', '2026-01-11T00:00'],
    ['@Daily', '2026-01-01T00:00', '2026-01-02T00:00'],
    ['@midnight', '2026-01-01T00:00'],
    ['@hourly', '2026-01-01T00:00', '2026-01-01T01:00'],
    ['@every 90s', '2026-01-01T00:00', '2026-01-01T00:01:30', '2026-01-01T00:03'],
    ['@every 1h30m', '2026-01-01T00:00', '2026-01-01T01:30', '2026-01-01T03:00'],
    ['@every 7d', '2026-01-01T00:00', '2026-01-08T00:00'],
    ['@at 2026-12-01T08:00:00+08:00', '2026-12-01T00:00'],
    ['@at 2026-12-01T08:00:00.000Z', '2026-12-01T08:00'],
    ['@at 2026-12-01 08:00', '2026-12-01T08:00'],
    ['@at 2020-01-01T00:00:00Z'],
  ];

  it.each(good)('%s is understood', (cronExpr, ...expected) => {
    const limit = Math.max(1, expected.length);
    expect(fires(cronExpr, limit)).toEqual(expected);
  });

  it('of @at without an offset means the clocks of the zone', () => {
    expect(fires('@at 2026-12-01T08:00:00', 2, 'Asia/Shanghai')).toEqual(['2026-12-01T00:00']);
    expect(fires('@at 2026-03-29T02:30:00', 2, 'Europe/Rome')).toEqual(['2026-03-29T01:00']);
    expect(fires('@at 2026-10-25T02:30:00', 2, 'Europe/Rome')).toEqual(['2026-10-25T00:30']);
  });

  const bad: readonly (readonly [cronExpr: string, message: RegExp])[] = [
    ['', /^is empty; leave it out/],
    ['   ', /^is empty/],
    ['* * *', /has 3 fields; a schedule has 5 \(minute, hour/],
    ['*', /has 1 field;/],
    ['* * * * * * * *', /has 8 fields/],
    ['60 * * * *', /^minute 60 is outside 0 to 59$/],
    ['* 25 * * *', /^hour 25 is outside 0 to 23$/],
    ['* * 0 * *', /^day of month 0 is outside 1 to 31$/],
    ['* * * 13 *', /^month 13 is outside 1 to 12$/],
    ['* * * * 8', /^day of week 8 is outside 0 to 7$/],
    ['61 * * * * *', /^second 61 is outside 0 to 59$/],
    ['* * * * * * 1969', /^year 1969 is outside 1970 to 9999$/],
    ['* * * * * * 10000', /^year 10000 is outside/],
    ['*/999999999 * * * *', /^minute step 999999999 is outside 1 to 60$/],
    ['*/0 * * * *', /^minute step 0 is outside 1 to 60$/],
    ['* */25 * * *', /^hour step 25 is outside 1 to 24$/],
    ['*/x * * * *', /^minute "\*\/x" has a step that is not a whole number$/],
    ['*/5/5 * * * *', /^minute "\*\/5\/5" has more than one step$/],
    ['/5 * * * *', /^minute "\/5" lacks a value before the step$/],
    ['30-10 * * * *', /^minute range "30-10" runs backwards; write 30-59,0-10$/],
    ['1-2-3 * * * *', /^minute "1-2-3" is not a range$/],
    ['-5 * * * *', /^minute "-5" is not a range$/],
    ['1,,2 * * * *', /^minute "1,,2" has an empty item/],
    ['1.5 * * * *', /^minute "1.5" is not a number from 0 to 59$/],
    ['1e1 * * * *', /^minute "1e1" is not a number/],
    ['x * * * *', /^minute "x" is not a number from 0 to 59$/],
    ['* * * FOO *', /^month "FOO" is not a number from 1 to 12 or a name such as JAN$/],
    ['* * * * FUNDAY', /^day of week "FUNDAY" is not a number from 0 to 7 or a name such as SUN$/],
    ['? * * * *', /^minute "\?" is not a number/],
    ['L * * * *', /^minute "L" is not a number/],
    ['* * * * L', /^day of week "L" says no day; write 5L/],
    ['* * * * 1#6', /^day of week "1#6" must have one # with a week from 1 to 5/],
    ['* * * * 1#2#3', /must have one #/],
    ['* * L-31 * *', /^day of month "L-31" is not one of L-1 to L-30$/],
    ['* * 32W * *', /^day of month 32 is outside 1 to 31$/],
    ['* * W * *', /^day of month "W" is not a number/],
    ['0 0 30 2 *', /^never fires: no date has day of month "30" in month "2"/],
    ['0 0 31 4,6,9,11 *', /^never fires/],
    ['0 0 0 29 2 ? 2027', /^never fires: .* with year "2027"$/],
    ['0 0 0 30W 2 ? *', /^never fires/],
    ['@reboot', /no one machine whose start it could mean/],
    ['@nightly', /^"@nightly" is not one of @yearly/],
    ['@daily 5', /^@daily takes nothing after it, but "5" follows$/],
    ['@every', /^@every "" is not a duration/],
    ['@every 0s', /outside 1s to 366d/],
    ['@every 500ms', /is not a duration in whole d, h, m and s/],
    ['@every -5s', /is not a duration/],
    ['@every 1.5h', /is not a duration/],
    ['@every 999999999d', /outside 1s to 366d/],
    ['@at tomorrow', /is not a date and time such as/],
    ['@at 2026-02-30T00:00:00Z', /names a date that is not in the calendar/],
    ['@at 2026-01-01T24:00:00Z', /names a time that no day has/],
    ['@at 2026-01-01T00:00:00+19:00', /an offset that no zone has/],
    ['@at 1969-12-31T00:00:00Z', /not in the calendar of 1970 to 9999/],
    ['@at 2026-01-01T00:00:00.5Z', /is not a date and time/],
    ['H(30-70) * * * *', /^minute range of "H\(30-70\)" is not within 0 to 59$/],
    ['H(9-3) * * * *', /is not within/],
    ['H/61 * * * *', /^minute step 61 of "H\/61" is outside 1 to 60$/],
    ['H-5 * * * *', /^minute "H-5" is not one of H, H\(0-29\), H\/15/],
    ['0 0 0 1 1 ? H', /^year cannot be H$/],
    ['H H', /has 2 fields/],
    [`${'1,'.repeat(1000)}1 * * * *`, /^has 2009 characters; 1000 are allowed$/],
    ['x'.repeat(2000), /2000 characters/],
    ['* * * * \u202e5', /^day of week " 5" is not a number/],
    ['\0 * * * *', /^minute " " is not a number/],
  ];

  it.each(bad)('%j is refused with the field named', (cronExpr, message) => {
    expect(errorsOf(() => compileSchedule({ cronExpr, timezone: 'UTC' }, 'job'))).toEqual([
      { path: 'cronExpr', message: expect.stringMatching(message) },
    ]);
  });

  it('costs less than 50 ms to refuse, whatever it says', () => {
    const hostile = ['0 0 0 29 2 ? 2025-9999/4', '0 0 31W 2,4 ?', `${'1,'.repeat(499)}1 * * * *`, '0 0 0 30 2 ? *'];
    for (const cronExpr of [...hostile, ...bad.map(([expression]) => expression)]) {
      // The machine may be busy once; it is not busy five times because of us.
      const times = Array.from({ length: 5 }, () => {
        const started = performance.now();
        expect(() => compileSchedule({ cronExpr, timezone: 'UTC' }, 'job')).toThrow(InvalidInput);
        return performance.now() - started;
      });
      expect(Math.min(...times), cronExpr).toBeLessThan(50);
    }
  });

  it('and a zone that are both wrong are both refused', () => {
    expect(errorsOf(() => compileSchedule({ cronExpr: '60 * * * *', timezone: 'Foo/Bar' }, 'job'))).toEqual([
      { path: 'timezone', message: 'there is no time zone "Foo/Bar"; use an IANA name such as Europe/Berlin or UTC' },
      { path: 'cronExpr', message: 'minute 60 is outside 0 to 59' },
    ]);
  });

  it.each(['', ' ', '+08:00', '../etc', 'Europe/Berlin\0', 'x'.repeat(5000)])(
    'in the zone %j is refused',
    (timezone) => {
      expect(errorsOf(() => compileSchedule({ cronExpr: '* * * * *', timezone }, 'job'))[0]?.path).toBe('timezone');
    },
  );

  it('and zone that are equal share one rule', () => {
    const one = compileSchedule({ cronExpr: '7 3 * * 2', timezone: 'Europe/Oslo' }, 'a');
    expect(compileSchedule({ cronExpr: ' 7 3 * * 2', timezone: 'europe/oslo' }, 'b')).toBe(one);
  });
});

describe('H', () => {
  const minutes = (cronExpr: string): number[] => {
    return Array.from({ length: 600 }, (_, i) => {
      const at = compileSchedule({ cronExpr, timezone: 'UTC' }, `job-${i}`).next(FROM);
      return new Date(at ?? Number.NaN).getUTCMinutes();
    });
  };

  it('stands for the same time of one job on every machine, for ever', () => {
    // These figures are a promise: a new version that gave others would move every such job.
    expect(fires('H H * * *', 1, 'UTC', 'nightly-report')).toEqual(['2026-01-01T07:55']);
    expect(fires('H H(0-5) H * *', 1, 'UTC', '每日报表')).toEqual(['2026-01-17T00:50']);
  });

  it('spreads jobs over its range', () => {
    expect(new Set(minutes('H * * * *')).size).toBe(60);
    expect(Math.max(...minutes('H(0-29) * * * *'))).toBe(29);
    expect(new Set(minutes('H/15 * * * *'))).toEqual(new Set(Array.from({ length: 15 }, (_, i) => i)));
    expect(new Set(minutes('H(10-19)/5 * * * *'))).toEqual(new Set([10, 11, 12, 13, 14]));
  });

  it('gives a day of month that every month has', () => {
    const days = Array.from({ length: 500 }, (_, i) => fires('0 0 H * *', 2, 'UTC', `job-${i}`));
    expect(Math.max(...days.map(([first]) => Number(first?.slice(8, 10))))).toBe(28);
    expect(new Set(days.map(([, second]) => second?.slice(0, 7)))).toEqual(new Set(['2026-02']));
  });
});

describe('the window of a schedule', () => {
  const startAt = Date.UTC(2026, 0, 2);
  const endAt = Date.UTC(2026, 0, 5);
  const schedule = compileSchedule({ cronExpr: '0 0 * * *', timezone: 'UTC', startAt, endAt }, 'job');

  it('holds its start and not its end', () => {
    expect(schedule.next(0)).toBe(startAt);
    expect(schedule.next(Date.UTC(2026, 0, 4))).toBeUndefined();
    expect(schedule.previous(Number.POSITIVE_INFINITY, 0)).toBe(Date.UTC(2026, 0, 4));
    expect(schedule.previous(startAt, 0)).toBeUndefined();
    expect(schedule.count(0, Date.UTC(2030, 0, 1))).toBe(3);
  });

  it('may be open at one side', () => {
    expect(compileSchedule({ cronExpr: '0 0 * * *', timezone: 'UTC', endAt }, 'job').next(-5)).toBe(0);
    expect(compileSchedule({ cronExpr: '0 0 * * *', timezone: 'UTC', startAt }, 'job').next(endAt)).toBe(endAt + 864e5);
  });
});

describe('the ends of time', () => {
  const everySecond = compileSchedule({ cronExpr: '* * * * * *', timezone: 'UTC' }, 'job');
  const last = Date.UTC(9999, 11, 31, 23, 59, 59);

  it('are 1970 and 9999', () => {
    expect(everySecond.next(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(everySecond.next(last - 1)).toBe(last);
    expect(everySecond.next(last)).toBeUndefined();
    expect(everySecond.next(Number.POSITIVE_INFINITY)).toBeUndefined();
    expect(everySecond.previous(Number.POSITIVE_INFINITY, 0)).toBe(last);
    expect(everySecond.previous(1, Number.NEGATIVE_INFINITY)).toBe(0);
    expect(everySecond.previous(0, Number.NEGATIVE_INFINITY)).toBeUndefined();
  });

  it.each(['UTC', 'Pacific/Auckland', 'America/Los_Angeles'])('end a yearly schedule in %s', (timezone) => {
    const schedule = compileSchedule({ cronExpr: '0 12 1 6 *', timezone }, 'job');
    const at = schedule.previous(Number.POSITIVE_INFINITY, 0);
    expect(new Date(at ?? 0).getUTCFullYear()).toBe(9999);
    expect(schedule.next(at ?? 0)).toBeUndefined();
    expect(schedule.next(0)).toBeLessThan(366 * 86_400_000);
  });
});

function errorsOf(action: () => unknown): InvalidInput['errors'] {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidInput) return error.errors;
    throw error;
  }
  throw new Error('nothing was refused');
}
