import { describe, expect, it } from 'vitest';
import { plannedDays, zoneOffset } from './planned-days';

const HOUR = 3_600_000;
const fire = (scheduledTime: string, dueAt = scheduledTime) => ({ jobName: 'job', scheduledTime, dueAt });

describe('a plan by days', () => {
  it('has the days of the zone of the job', () => {
    const days = plannedDays(
      [fire('2026-11-20T15:00:00Z'), fire('2026-11-20T17:00:00Z'), fire('2026-11-20T18:00:00Z')],
      'Asia/Shanghai',
      Date.UTC(2026, 10, 20),
    );
    expect(days.map(({ day, rows }) => [day, rows.length])).toEqual([
      ['2026-11-20', 1],
      ['2026-11-21', 2],
    ]);
    expect(days[0]?.rows[0]).toEqual({ at: Date.UTC(2026, 10, 20, 15) });
  });

  it('says when jitter moves a start', () => {
    const [day] = plannedDays([fire('2026-11-20T15:00:00Z', '2026-11-20T15:00:12Z')], 'UTC', 0);
    expect(day?.rows[0]?.dueAt).toBe(Date.UTC(2026, 10, 20, 15, 0, 12));
  });

  it('marks the first fire after the clock changed, both ways', () => {
    const rows = (since: number, ...fires: string[]) =>
      plannedDays(
        fires.map((each) => fire(each)),
        'America/New_York',
        since,
      ).flatMap((day) => day.rows.map(({ clockChange }) => clockChange));
    expect(rows(Date.UTC(2026, 9, 31), '2026-10-31T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-02T06:30:00Z')).toEqual(
      [undefined, -HOUR, undefined],
    );
    expect(rows(Date.UTC(2027, 2, 13, 12), '2027-03-14T07:30:00Z')).toEqual([HOUR]);
  });

  it('knows zones that are half an hour off', () =>
    expect(zoneOffset(Date.UTC(2026, 0, 1), 'Asia/Kolkata')).toBe(5.5 * HOUR));
});
