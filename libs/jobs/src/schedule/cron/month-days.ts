import { daysFromDate, daysInMonth, weekday } from './calendar.js';

/** A day named by its place in the month: `L`, `L-3`, `LW`, `15W`. */
export type DayPlace =
  | { readonly kind: 'last'; readonly before: number }
  | { readonly kind: 'lastWeekday' }
  | { readonly kind: 'nearestWeekday'; readonly day: number };

/** The two day fields of an expression, parsed. Bits of `days` count from day 1 = bit 0; weekday bits from Sunday. */
export interface DayFields {
  readonly days: number;
  readonly places: readonly DayPlace[];
  readonly weekdays: number;
  /** Weekdays of the first to fifth week (`MON#2`), by week. */
  readonly nthWeekdays: readonly number[];
  /** Last such weekdays of the month (`5L`). */
  readonly lastWeekdays: number;
  /**
   * Whether a day must satisfy both fields. True when one of them begins with `*` or `?`: crontab(5) calls such a field
   * not restricted, `*` followed by a step included. Otherwise either field suffices.
   */
  readonly both: boolean;
}

/** The matching days of one month, day 1 at bit 0. */
export function monthDays(fields: DayFields, year: number, month: number): number {
  const length = daysInMonth(year, month);
  const all = 0x7fffffff >>> (31 - length);
  const firstWeekday = weekday(daysFromDate(year, month, 1));
  let days = fields.days;
  for (const place of fields.places) days |= placeBit(place, length, firstWeekday);
  let weekdays = everyWeek(fields.weekdays, firstWeekday);
  if (fields.lastWeekdays !== 0)
    weekdays |= everyWeek(fields.lastWeekdays, firstWeekday) & (all & (-1 << (length - 7)));
  for (let week = 0; week < fields.nthWeekdays.length; week++) {
    weekdays |= everyWeek(fields.nthWeekdays[week]!, firstWeekday) & (127 << (7 * week));
  }
  return (fields.both ? days & weekdays : days | weekdays) & all;
}

function everyWeek(weekdays: number, firstWeekday: number): number {
  const week = ((weekdays >>> firstWeekday) | (weekdays << (7 - firstWeekday))) & 127;
  return week | (week << 7) | (week << 14) | (week << 21) | (week << 28);
}

function placeBit(place: DayPlace, length: number, firstWeekday: number): number {
  const day = placeDay(place, length, firstWeekday);
  return day >= 1 && day <= length ? 1 << (day - 1) : 0;
}

function placeDay(place: DayPlace, length: number, firstWeekday: number): number {
  switch (place.kind) {
    case 'last':
      return length - place.before;
    case 'lastWeekday':
      return nearestWeekday(length, length, firstWeekday);
    case 'nearestWeekday':
      // A month without the day has no weekday near it, as in Quartz.
      return place.day > length ? 0 : nearestWeekday(place.day, length, firstWeekday);
  }
}

/** Monday to Friday nearest to the day, never in another month. */
function nearestWeekday(day: number, length: number, firstWeekday: number): number {
  const at = (firstWeekday + day - 1) % 7;
  if (at === 6) return day === 1 ? 3 : day - 1;
  if (at === 0) return day === length ? day - 2 : day + 1;
  return day;
}
