import { CronExpressionParser } from 'cron-parser';
import type { Schedule } from './schedule.js';

/** How many fires are compared, those of the next hundred days: cron-parser walks there day by day, 20 microseconds each. */
const FIRES = 5;
const HORIZON_MS = 100 * 86_400_000;
/** Words of ours that cron-parser does not know, or understands otherwise. */
const OURS_ONLY = /[@?#LWH]/i;
const MONTHS_AND_DAYS = /\b(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT)\b/gi;

/** Two engines that do not agree on when a job fires next. */
export interface Disagreement {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/**
 * Asks cron-parser for the next fires of an expression that both engines know, and compares. undefined: they agree, or it
 * has no say (our own words, seven fields, an error of its own, no fire soon, or a day on which the zone's offset changes,
 * where it is known to be wrong). For the log when a job is saved: ours decides all the same.
 */
export function secondOpinion(
  schedule: Schedule,
  cronExpr: string,
  timezone: string,
  after: number,
): Disagreement | undefined {
  const fields = cronExpr.trim().split(/\s+/).length;
  if (fields > 6 || OURS_ONLY.test(cronExpr.replace(MONTHS_AND_DAYS, ''))) return undefined;
  const ours: number[] = [];
  for (let fire = schedule.next(after); ours.length < FIRES; fire = schedule.next(fire)) {
    if (fire === undefined || fire > after + HORIZON_MS) break;
    ours.push(fire);
  }
  if (ours.length === 0) return undefined;
  const theirs = askCronParser(cronExpr, timezone, after, ours.length);
  if (!theirs || ours.every((fire, index) => fire === theirs[index])) return undefined;
  return hasOffsetChange(timezone, after, Math.max(...ours, ...theirs)) ? undefined : { ours, theirs };
}

function askCronParser(cronExpr: string, tz: string, after: number, count: number): number[] | undefined {
  try {
    const expression = CronExpressionParser.parse(cronExpr, { currentDate: new Date(after), tz });
    return Array.from({ length: count }, () => expression.next().getTime());
  } catch {
    return undefined;
  }
}

function hasOffsetChange(timeZone: string, from: number, to: number): boolean {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const offsetAt = (at: number): string => format.format(at).split(', ').at(-1) ?? '';
  const DAY_MS = 86_400_000;
  // Longer than two years there is a change in every zone that has any.
  if (to - from > 730 * DAY_MS) return timeZone !== 'UTC';
  const first = offsetAt(from - DAY_MS);
  for (let at = from; at <= to + DAY_MS; at += DAY_MS) if (offsetAt(at) !== first) return true;
  return false;
}
