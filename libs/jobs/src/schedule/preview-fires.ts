import { FieldError, InvalidInput } from '@app/platform';
import { compileSchedule, type ScheduleSpec } from './compile.js';
import { TimeZone } from './time-zone.js';
import { describeSchedule, type WordsLocale } from './words/describe-schedule.js';

/** What to preview, and from when. */
export interface PreviewQuery extends Partial<ScheduleSpec> {
  readonly cronExpr: string;
  /** Name of the job, for `H`. */
  readonly name?: string;
  /** Epoch milliseconds; fires strictly after. */
  readonly from: number;
  /** 1 to 500; 10 unless given. */
  readonly count?: number;
  readonly locale?: WordsLocale;
}

/** A moment at which the clocks of the zone change. */
export interface ClockChange {
  /** Epoch milliseconds. */
  readonly at: number;
  /** How far the clocks move: positive forward. */
  readonly bySeconds: number;
}

export interface SchedulePreview {
  /** Epoch milliseconds, ascending; fewer than asked for when the schedule ends. */
  readonly fires: readonly number[];
  readonly description: string;
  /** Changes of clocks between `from` and the last fire, at most five years ahead. */
  readonly clockChanges: readonly ClockChange[];
}

/** The next fires of a schedule nobody has saved yet. Throws InvalidInput for a bad schedule or count. */
export function previewFires(query: PreviewQuery): SchedulePreview {
  const { cronExpr, timezone = 'UTC', startAt, endAt, name = '', from, count = 10, locale = 'en' } = query;
  const errors: FieldError[] = [];
  if (!Number.isInteger(count) || count < 1 || count > MAX_FIRES) {
    errors.push({ path: 'count', message: `must be a whole number from 1 to ${MAX_FIRES}` });
  }
  if (!Number.isFinite(from)) errors.push({ path: 'from', message: 'must be an instant' });
  if (errors.length > 0) throw new InvalidInput(errors);
  const schedule = compileSchedule({ cronExpr, timezone, startAt, endAt }, name);
  const fires: number[] = [];
  for (let at = schedule.next(from); at !== undefined && fires.length < count; at = schedule.next(at)) fires.push(at);
  return {
    fires,
    description: describeSchedule(cronExpr, timezone, locale, name),
    clockChanges: clockChanges(TimeZone.of(timezone)!, from, fires.at(-1) ?? from),
  };
}

const MAX_FIRES = 500;
const FIVE_YEARS_MS = 5 * 366 * 86_400_000;

function clockChanges(zone: TimeZone, from: number, to: number): ClockChange[] {
  const changes: ClockChange[] = [];
  const end = Math.min(to, from + FIVE_YEARS_MS) / 1000;
  let segment = zone.segmentAt(Math.floor(from / 1000));
  while (segment.end <= end) {
    segment = zone.segmentAt(segment.end);
    const bySeconds = segment.offset - segment.offsetBefore;
    if (bySeconds !== 0) changes.push({ at: segment.start * 1000, bySeconds });
  }
  return changes;
}
