import { LAST_SECOND } from './cron/calendar.js';
import { quote, refuseExpression } from './refuse.js';
import { Schedule } from './schedule.js';

/** `@every 90s`: the multiples of the period since the epoch, so that every process agrees. */
export class EverySchedule implements Schedule {
  readonly shortestIntervalMs: number;

  constructor(readonly periodSeconds: number) {
    this.shortestIntervalMs = periodSeconds * 1000;
  }

  next(after: number): number | undefined {
    const period = this.shortestIntervalMs;
    const found = (Math.floor(Math.max(after, -1) / period) + 1) * period;
    return found > LAST_SECOND * 1000 ? undefined : found;
  }

  previous(before: number, notBefore: number): number | undefined {
    const period = this.shortestIntervalMs;
    const found = (Math.ceil(Math.min(before, LAST_SECOND * 1000 + 1) / period) - 1) * period;
    return found < 0 || found <= notBefore ? undefined : found;
  }

  count(from: number, to: number, limit = Number.POSITIVE_INFINITY): number {
    const period = this.shortestIntervalMs;
    const first = Math.floor(Math.max(from, -1) / period) + 1;
    const last = Math.floor(Math.min(to, LAST_SECOND * 1000) / period);
    return Math.min(limit, Math.max(0, last - first + 1));
  }
}

/** Longest period: a leap year. */
const MAX_PERIOD_SECONDS = 366 * 86_400;
const UNIT_SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** Reads what follows `@every`: whole days, hours, minutes and seconds (`1h30m`, `90s`). */
export function parseEvery(text: string): EverySchedule {
  if (!/^(\d{1,9}[dhms])+$/.test(text)) {
    refuseExpression(`@every ${quote(text)} is not a duration in whole d, h, m and s, such as 90s or 1h30m`);
  }
  const parts = text.match(/\d+[dhms]/g)!;
  const seconds = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * UNIT_SECONDS[part.slice(-1)]!, 0);
  if (seconds < 1 || seconds > MAX_PERIOD_SECONDS) {
    refuseExpression(`@every ${quote(text)} is outside 1s to 366d`);
  }
  return new EverySchedule(seconds);
}
