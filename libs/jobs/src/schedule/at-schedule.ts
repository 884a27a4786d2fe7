import { DAY_SECONDS, daysFromDate, daysInMonth, FIRST_YEAR } from './cron/calendar.js';
import { quote, refuseExpression } from './refuse.js';
import { Schedule } from './schedule.js';
import { TimeZone } from './time-zone.js';

/** `@at 2026-12-01T08:00:00+08:00`: one instant. */
export class AtSchedule implements Schedule {
  readonly shortestIntervalMs = Number.POSITIVE_INFINITY;

  /** Epoch milliseconds, a whole second. */
  constructor(readonly at: number) {}

  next(after: number): number | undefined {
    return after < this.at ? this.at : undefined;
  }

  previous(before: number, notBefore: number): number | undefined {
    return this.at < before && this.at > notBefore ? this.at : undefined;
  }

  count(from: number, to: number, limit = Number.POSITIVE_INFINITY): number {
    return this.at > from && this.at <= to ? Math.min(1, limit) : 0;
  }
}

/** Date and time as ISO 8601 writes them; seconds, a fraction of zeros and the offset may be missing. */
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.0{1,9})?)?(?:([Zz])|([+-])(\d\d):?(\d\d))?$/;

/** Reads what follows `@at`. Without an offset it is a time on the clocks of the zone. */
export function parseAt(text: string, zone: TimeZone): AtSchedule {
  const parts = INSTANT.exec(text);
  if (!parts) refuseExpression(`@at ${quote(text)} is not a date and time such as 2026-12-01T08:00:00+08:00`);
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as SixNumbers;
  if (year < FIRST_YEAR || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    refuseExpression(`@at ${quote(text)} names a date that is not in the calendar of 1970 to 9999`);
  }
  if (hour > 23 || minute > 59 || second > 59) refuseExpression(`@at ${quote(text)} names a time that no day has`);
  const wallClock = daysFromDate(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second;
  return new AtSchedule(instantOf(wallClock, parts, zone, text) * 1000);
}

type SixNumbers = [number, number, number, number, number, number];

function instantOf(wallClock: number, parts: RegExpExecArray, zone: TimeZone, text: string): number {
  if (parts[7] !== undefined) return wallClock;
  if (parts[8] === undefined) return zone.firstInstantOf(wallClock);
  const [hours, minutes] = [Number(parts[9]), Number(parts[10])];
  if (hours > 18 || minutes > 59) refuseExpression(`@at ${quote(text)} has an offset that no zone has`);
  const offset = hours * 3600 + minutes * 60;
  return parts[8] === '-' ? wallClock + offset : wallClock - offset;
}
