import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Builder, turnedInto } from './builder';
import { builderOf } from './read-cron';
import { cronOf } from './write-cron';

const time = { hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) };
const daysOf = (max: number, min = 1) =>
  fc
    .uniqueArray(fc.integer({ min: 1, max }), { minLength: min, maxLength: max - 1 })
    .map((days) => days.sort((a, b) => a - b));

/** Every schedule a person can choose. */
const chosen: fc.Arbitrary<Builder> = fc.oneof(
  fc
    .constantFrom(1, 2, 5, 10, 15, 20, 30, 7, 45, 90)
    .map((count) => ({ kind: 'every', count, unit: 'minute' }) as const),
  fc.record({
    kind: fc.constant('every' as const),
    count: fc.integer({ min: 1, max: 59 }),
    unit: fc.constant('second' as const),
  }),
  fc.record({
    ...{ kind: fc.constant('every' as const), count: fc.constantFrom(1, 2, 3, 4, 6, 8, 12) },
    ...{ unit: fc.constant('hour' as const), minute: time.minute },
  }),
  fc.record({
    kind: fc.constant('every' as const),
    count: fc.constantFrom(5, 7, 36),
    unit: fc.constant('hour' as const),
  }),
  fc.record({
    kind: fc.constant('every' as const),
    count: fc.integer({ min: 1, max: 366 }),
    unit: fc.constant('day' as const),
  }),
  fc.record({ kind: fc.constant('daily' as const), ...time }),
  fc.record({ kind: fc.constant('weekly' as const), ...time, days: daysOf(7) }),
  fc.record({ kind: fc.constant('monthly' as const), ...time, days: daysOf(32) }),
  fc.constant({ kind: 'once', at: '2026-12-01T08:00:00' } as const),
  fc.constant({ kind: 'hand' } as const),
);

describe('the builder of schedules', () => {
  it('finds in an expression what was chosen', () => {
    fc.assert(
      fc.property(chosen, (builder) => {
        expect(builderOf(cronOf(builder), 'Asia/Shanghai')).toEqual(sameAs(builder));
      }),
    );
  });

  it.each<[string, Builder, string]>([
    ['*/15 * * * *', { kind: 'every', count: 15, unit: 'minute' }, '*/15 * * * *'],
    ['* * * * *', { kind: 'every', count: 1, unit: 'minute' }, '* * * * *'],
    ['@hourly', { kind: 'every', count: 1, unit: 'hour', minute: 0 }, '0 * * * *'],
    ['5 */2 * * *', { kind: 'every', count: 2, unit: 'hour', minute: 5 }, '5 */2 * * *'],
    ['@every 1h30m', { kind: 'every', count: 90, unit: 'minute' }, '@every 90m'],
    ['@daily', { kind: 'daily', hour: 0, minute: 0 }, '0 0 * * *'],
    ['0 30 1 * * *', { kind: 'daily', hour: 1, minute: 30 }, '30 1 * * *'],
    ['30 1 ? * *', { kind: 'daily', hour: 1, minute: 30 }, '30 1 * * *'],
    ['0 9 * * 1-5', { kind: 'weekly', hour: 9, minute: 0, days: [1, 2, 3, 4, 5] }, '0 9 * * MON-FRI'],
    ['0 9 * * sat,SUN', { kind: 'weekly', hour: 9, minute: 0, days: [6, 7] }, '0 9 * * SAT,SUN'],
    ['0 9 * * FRI-SUN', { kind: 'weekly', hour: 9, minute: 0, days: [5, 6, 7] }, '0 9 * * FRI-SUN'],
    ['0 9 * * 0', { kind: 'weekly', hour: 9, minute: 0, days: [7] }, '0 9 * * SUN'],
    ['0 8 1,15,L * *', { kind: 'monthly', hour: 8, minute: 0, days: [1, 15, 32] }, '0 8 1,15,L * *'],
    ['@at 2026-12-01 08:00', { kind: 'once', at: '2026-12-01T08:00:00' }, '@at 2026-12-01T08:00:00'],
  ])('reads %s', (cron, builder, written) => {
    expect(builderOf(cron, 'UTC')).toEqual(builder);
    expect(cronOf(builder)).toBe(written);
  });

  it('shows an instant with an offset on the clocks of the zone', () => {
    const builder = builderOf('@at 2026-12-01T08:00:00+08:00', 'America/New_York');
    expect(builder).toEqual({ kind: 'once', at: '2026-11-30T19:00:00' });
  });

  it.each([
    ...['', '0 25 * * *', '0 9 * * 1-5 2027', '7 9 1 6 *', '*/7 * * * *', '0 9,17 * * *', '0 9 1 * MON', 'H H * * *'],
    ...['15 30 1 * * *', '0 9 * * FRI#2', '0 9 15W * *', '@yearly', '@every 0s', '@reboot', '0 9 * * 5-1', '0 9 * * 8'],
  ])('leaves "%s" to the expression', (cron) => {
    expect(builderOf(cron, 'UTC')).toEqual({ kind: 'expression' });
  });

  it('keeps the time of day when another kind is chosen', () => {
    const weekly = turnedInto('weekly', { kind: 'daily', hour: 1, minute: 30 }, '2026-11-21');
    expect(weekly).toEqual({ kind: 'weekly', hour: 1, minute: 30, days: [1, 2, 3, 4, 5] });
    expect(turnedInto('once', weekly, '2026-12-31')).toEqual({ kind: 'once', at: '2027-01-01T01:30:00' });
  });
});

/** Two ways to choose the same: 60 seconds are a minute, 36 hours stay hours. */
function sameAs(builder: Builder): Builder {
  if (builder.kind !== 'every') return builder;
  const { count, unit } = builder;
  if (unit === 'minute' && count % 60 === 0) return { kind: 'every', count: count / 60, unit: 'hour' };
  return builder;
}
