import { FIRST_YEAR, LAST_YEAR } from './calendar.js';

/** One field of a cron expression: its name in messages and what may stand in it. */
export interface FieldSpec {
  readonly label: string;
  readonly min: number;
  /** Largest number that may be written. */
  readonly max: number;
  /** Numbers that names stand for, in lower case. */
  readonly names?: ReadonlyMap<string, number>;
  /** Largest number `H` gives; `max` when absent. */
  readonly hashMax?: number;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

export const SECOND: FieldSpec = { label: 'second', min: 0, max: 59 };
export const MINUTE: FieldSpec = { label: 'minute', min: 0, max: 59 };
export const HOUR: FieldSpec = { label: 'hour', min: 0, max: 23 };
/** `H` stays at or below 28, a day every month has. */
export const DAY: FieldSpec = { label: 'day of month', min: 1, max: 31, hashMax: 28 };
export const MONTH: FieldSpec = { label: 'month', min: 1, max: 12, names: namesFrom(MONTHS, 1) };
/** 0 and 7 are Sunday. */
export const WEEKDAY: FieldSpec = { label: 'day of week', min: 0, max: 7, names: namesFrom(WEEKDAYS, 0), hashMax: 6 };
export const YEAR: FieldSpec = { label: 'year', min: FIRST_YEAR, max: LAST_YEAR };

/** The fields of an expression with that many of them; undefined when no expression has. */
export function fieldsFor(count: number): readonly FieldSpec[] | undefined {
  const five = [MINUTE, HOUR, DAY, MONTH, WEEKDAY];
  if (count === 5) return five;
  if (count === 6) return [SECOND, ...five];
  return count === 7 ? [SECOND, ...five, YEAR] : undefined;
}

/** Full English names and their first three letters. */
function namesFrom(names: readonly string[], first: number): ReadonlyMap<string, number> {
  return new Map(names.flatMap((name, index) => [name, name.slice(0, 3)].map((key) => [key, first + index])));
}
