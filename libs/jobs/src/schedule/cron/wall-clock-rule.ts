import { DAY_SECONDS } from './calendar.js';
import { DayRule } from './day-rule.js';
import { TimeOfDay } from './time-of-day.js';

/**
 * A cron expression as a set of wall-clock times, without a zone. A wall-clock time is the number of seconds from
 * 1970-01-01 00:00:00 on that clock, as if every day had 86,400 of them.
 */
export class WallClockRule {
  constructor(
    readonly times: TimeOfDay,
    readonly days: DayRule,
    /**
     * Neither the minute nor the hour field begins with `*`: the job means a time of the local day, and a change of
     * clocks neither drops nor doubles it (cron(8) of Debian).
     */
    readonly isFixedTime: boolean,
  ) {}

  /** First match at or after; -1 when there is none up to the year 9999. */
  next(from: number): number {
    if (from < 0) from = 0;
    const day = Math.floor(from / DAY_SECONDS);
    const matching = this.days.next(day);
    if (matching < 0) return -1;
    if (matching > day) return matching * DAY_SECONDS + this.times.first;
    const time = this.times.next(from - day * DAY_SECONDS);
    if (time >= 0) return day * DAY_SECONDS + time;
    const later = this.days.next(day + 1);
    return later < 0 ? -1 : later * DAY_SECONDS + this.times.first;
  }

  /** Last match at or before; -1 when there is none back to 1970. */
  previous(from: number): number {
    if (from < 0) return -1;
    const day = Math.floor(from / DAY_SECONDS);
    const matching = this.days.previous(day);
    if (matching < 0) return -1;
    if (matching < day) return matching * DAY_SECONDS + this.times.last;
    const time = this.times.previous(from - day * DAY_SECONDS);
    if (time >= 0) return day * DAY_SECONDS + time;
    const earlier = this.days.previous(day - 1);
    return earlier < 0 ? -1 : earlier * DAY_SECONDS + this.times.last;
  }

  /** Number of matches in [from, to). */
  count(from: number, to: number): number {
    if (from < 0) from = 0;
    if (to <= from) return 0;
    const firstDay = Math.floor(from / DAY_SECONDS);
    const lastDay = Math.floor(to / DAY_SECONDS);
    const whole = this.days.count(firstDay, lastDay) * this.times.countBefore(DAY_SECONDS);
    return whole - this.countOn(firstDay, from) + this.countOn(lastDay, to);
  }

  private countOn(day: number, end: number): number {
    return this.days.count(day, day + 1) === 0 ? 0 : this.times.countBefore(end - day * DAY_SECONDS);
  }
}
