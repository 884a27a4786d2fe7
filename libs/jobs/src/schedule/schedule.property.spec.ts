import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WallClockWalk } from '../../../../test/support/wall-clock-walk.js';
import { compileSchedule } from './compile.js';
import { type Schedule } from './schedule.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const ZONES = [
  'UTC',
  'Europe/Rome',
  'America/New_York',
  'America/Havana',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Antarctica/Troll',
];

const instants = fc.integer({ min: Date.UTC(2024, 0, 1) / 1000, max: Date.UTC(2031, 0, 1) / 1000 });

/** Instants within a day and a half around a change of clocks. */
const aroundChanges = (timezone: string): fc.Arbitrary<number> => {
  const changes = changesOf(timezone);
  if (changes.length === 0) return instants.map((second) => second * 1000);
  return fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -129_600, max: 129_600 }))
    .map(([at, by]) => at + by * 1000);
};

const zonedInstants = fc
  .constantFrom(...ZONES)
  .chain((timezone) => fc.tuple(fc.constant(timezone), aroundChanges(timezone)));

function field(min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: Math.min(20, max - min) });
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    step.map((by) => `*/${by}`),
    { weight: 2, arbitrary: value.map(String) },
    range,
    fc.tuple(range, step).map(([of, by]) => `${of}/${by}`),
    fc.uniqueArray(value, { minLength: 2, maxLength: 4 }).map((values) => values.join(',')),
  );
}

const minute = field(0, 59);
const hour = fc.oneof(field(0, 23), field(0, 4));
const day = fc.oneof({ weight: 3, arbitrary: fc.constant('*') }, field(1, 31));
const month = fc.oneof({ weight: 3, arbitrary: fc.constant('*') }, field(1, 12));
const weekday = fc.oneof({ weight: 3, arbitrary: fc.constant('*') }, field(0, 7));
const fiveFields = fc.tuple(minute, hour, day, month, weekday).map((fields) => fields.join(' '));
const sixFields = fc.tuple(field(0, 59), fiveFields).map((fields) => fields.join(' '));

/** Everything an expression may say. */
const anyExpression = fc.oneof(
  fiveFields,
  sixFields,
  fc
    .tuple(minute, hour, fc.constantFrom('L', 'LW', 'L-3', '15W', '1W', '31W', '1,L', '*/3'), month, weekday)
    .map((f) => f.join(' ')),
  fc
    .tuple(minute, hour, fc.constantFrom('*', '13'), month, fc.constantFrom('5L', 'FRI#2', '1#5,7#1', 'MON-FRI'))
    .map((f) => f.join(' ')),
  fc.tuple(sixFields, fc.constantFrom('2026', '2024-2030/2', '2027,2029')).map((f) => f.join(' ')),
  fc.integer({ min: 1, max: 200_000 }).map((seconds) => `@every ${seconds}s`),
);

function compiled(cronExpr: string, timezone: string): Schedule | undefined {
  try {
    return compileSchedule({ cronExpr, timezone }, 'job');
  } catch {
    return undefined;
  }
}

function firesOf(schedule: Schedule, from: number, to: number, limit = Number.POSITIVE_INFINITY): number[] {
  const fires: number[] = [];
  for (let at = schedule.next(from); at !== undefined && at <= to; at = schedule.next(at)) {
    fires.push(at);
    if (fires.length >= limit) break;
  }
  return fires;
}

describe('a schedule', () => {
  it('fires when a wall clock that is walked minute by minute says so', () => {
    fc.assert(
      fc.property(fiveFields, zonedInstants, (cronExpr, [timezone, from]) => {
        const schedule = compiled(cronExpr, timezone);
        fc.pre(schedule !== undefined);
        const walked = new WallClockWalk(cronExpr, timezone).fires(from, from + 3 * DAY);
        expect(firesOf(schedule, from, from + 3 * DAY)).toEqual(walked);
      }),
      { numRuns: 250 },
    );
  });

  it('fires when a wall clock that is walked second by second says so', () => {
    fc.assert(
      fc.property(sixFields, zonedInstants, (cronExpr, [timezone, from]) => {
        const schedule = compiled(cronExpr, timezone);
        fc.pre(schedule !== undefined);
        const walked = new WallClockWalk(cronExpr, timezone).fires(from, from + 6 * HOUR);
        expect(firesOf(schedule, from, from + 6 * HOUR)).toEqual(walked);
      }),
      { numRuns: 20 },
    );
  });

  it('fires when cron-parser says so, where clocks do not change', () => {
    const isStepAndDay = (expression: string): boolean => {
      // cron-parser takes either day field even where one begins with a star and has a step.
      const [days, , weekdays] = expression.split(' ').slice(-3) as [string, string, string];
      return days !== '*' && weekdays !== '*' && (days.startsWith('*') || weekdays.startsWith('*'));
    };
    fc.assert(
      fc.property(
        fc.oneof(fiveFields, sixFields),
        fc.constantFrom('UTC', 'Asia/Kolkata', 'Asia/Shanghai'),
        instants,
        (cronExpr, timezone, from) => {
          // It takes 0 and 7 for a duplicate, and refuses duplicates.
          const weekdays = cronExpr.split(' ').at(-1)?.split(',') ?? [];
          fc.pre(!isStepAndDay(cronExpr) && !(weekdays.includes('0') && weekdays.includes('7')));
          const schedule = compiled(cronExpr, timezone);
          fc.pre(schedule !== undefined);
          const theirs = CronExpressionParser.parse(cronExpr, { tz: timezone, currentDate: new Date(from * 1000) });
          const expected = Array.from({ length: 4 }, () => theirs.next().getTime());
          expect(firesOf(schedule, from * 1000, expected[3] ?? 0)).toEqual(expected);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives the same fires backwards as forwards, and as many as it counts', () => {
    fc.assert(
      fc.property(
        anyExpression,
        zonedInstants,
        fc.integer({ min: 0, max: 400 * 24 }),
        (cronExpr, [timezone, at], hours) => {
          const schedule = compiled(cronExpr, timezone);
          fc.pre(schedule !== undefined);
          const [from, limit] = [at, 300];
          const fires = firesOf(schedule, from, from + hours * HOUR, limit);
          const to = fires.length < limit ? from + hours * HOUR : (fires.at(-1) ?? from);
          const backwards: number[] = [];
          for (let fire = schedule.previous(to + 1, from); fire !== undefined; fire = schedule.previous(fire, from)) {
            backwards.unshift(fire);
          }
          expect(backwards).toEqual(fires);
          expect(schedule.count(from, to)).toBe(fires.length);
          expect(schedule.count(from, to, 7)).toBe(Math.min(7, fires.length));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('never fires twice within its shortest interval', () => {
    fc.assert(
      fc.property(anyExpression, zonedInstants, (cronExpr, [timezone, from]) => {
        const schedule = compiled(cronExpr, timezone);
        fc.pre(schedule !== undefined);
        const fires = firesOf(schedule, from, from + 500 * DAY, 400);
        const gaps = fires.slice(1).map((fire, index) => fire - (fires[index] ?? 0));
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(schedule.shortestIntervalMs);
      }),
      { numRuns: 1500 },
    );
  });

  it('counts a year of seconds at once', () => {
    const schedule = compileSchedule({ cronExpr: '* * * * * *', timezone: 'Europe/Rome' }, 'job');
    expect(schedule.count(Date.UTC(2026, 0, 1) - 1, Date.UTC(2027, 0, 1) - 1)).toBe(365 * 86_400);
  });
});

describe('the shortest interval', () => {
  const cases: readonly (readonly [cronExpr: string, timezone: string, seconds: number])[] = [
    ['* * * * * *', 'Europe/Rome', 1],
    ['*/5 * * * *', 'Europe/Rome', 300],
    ['0 * * * *', 'Europe/Rome', 3600],
    ['30 * * * *', 'Australia/Lord_Howe', 1800],
    ['30 */3 * * *', 'Europe/Rome', 7200],
    ['30 */3 * * *', 'America/Havana', 3600],
    ['30 2,3 * * *', 'Europe/Rome', 1800],
    ['0 2 * * *', 'UTC', 86_400],
    ['0 2 * * *', 'Europe/Rome', 82_800],
    ['0 2 * * *', 'Asia/Shanghai', 86_400],
    ['59 23 * * 1,2', 'UTC', 86_400],
    ['0 0 * * 1,4', 'UTC', 259_200],
    ['0 0 1,15 * *', 'UTC', 1_209_600],
    ['0 0 1 1 *', 'UTC', 31_536_000],
    ['@every 90s', 'Europe/Rome', 90],
    ['@at 2026-01-01T00:00:00Z', 'UTC', Number.POSITIVE_INFINITY],
  ];

  it.each(cases)('of %s in %s is %d seconds', (cronExpr, timezone, seconds) => {
    expect(compileSchedule({ cronExpr, timezone }, 'job').shortestIntervalMs).toBe(seconds * 1000);
  });
});

/** Hours in which the offset of a zone changes, found by asking Intl every hour. */
function changesOf(timezone: string): number[] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeZoneName: 'longOffset' });
  const offset = (at: number): string => format.format(at).split('GMT')[1] ?? '';
  const changes: number[] = [];
  for (let at = Date.UTC(2026, 0, 1), before = offset(at - DAY); at < Date.UTC(2028, 0, 1); at += DAY) {
    const now = offset(at);
    if (now !== before) changes.push(at - DAY / 2);
    before = now;
  }
  return changes;
}
