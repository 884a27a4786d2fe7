import { countBits, countBitsBelow, nextBit, previousBit } from './bits.js';
import { daysFromDate, FIRST_YEAR, LAST_YEAR, packedDate } from './calendar.js';
import { type DayFields, monthDays } from './month-days.js';

/** Which years match: undefined is all of them, otherwise sorted years without duplicates. */
export type Years = readonly number[] | undefined;

/** Which days match: the day-of-month, month, day-of-week and year fields. Days count from 1970-01-01. */
export class DayRule {
  private readonly isEveryDay: boolean;

  /** Bit 1 of `months` is January. */
  constructor(
    private readonly fields: DayFields,
    private readonly months: number,
    private readonly years: Years,
  ) {
    this.isEveryDay =
      fields.both && fields.days === 0x7fffffff && fields.weekdays === 127 && months === 0x1ffe && !years;
  }

  /** First matching day at or after; -1 when there is none up to the end of 9999. */
  next(day: number): number {
    if (this.isEveryDay) return day;
    const date = packedDate(day);
    let year = date >>> 9;
    let month = (date >>> 5) & 15;
    let from = (date & 31) - 1;
    for (let tried = 0; tried <= this.mostYears(); tried++) {
      const matching = this.yearFrom(year);
      if (matching < 0) return -1;
      if (matching !== year) {
        year = matching;
        month = 1;
        from = 0;
      }
      for (let m = nextBit(this.months, month); m >= 0; m = nextBit(this.months, m + 1)) {
        const found = nextBit(monthDays(this.fields, year, m), m === month ? from : 0);
        if (found >= 0) return daysFromDate(year, m, found + 1);
      }
      year++;
      month = 1;
      from = 0;
    }
    return -1;
  }

  /** Last matching day at or before; -1 when there is none back to 1970-01-01. */
  previous(day: number): number {
    if (day < 0) return -1;
    if (this.isEveryDay) return day;
    const date = packedDate(day);
    let year = date >>> 9;
    let month = (date >>> 5) & 15;
    let from = (date & 31) - 1;
    for (let tried = 0; tried <= this.mostYears(); tried++) {
      const matching = this.yearBack(year);
      if (matching < 0) return -1;
      if (matching !== year) {
        year = matching;
        month = 12;
        from = 30;
      }
      for (let m = previousBit(this.months, month); m >= 0; m = previousBit(this.months, m - 1)) {
        const found = previousBit(monthDays(this.fields, year, m), m === month ? from : 30);
        if (found >= 0) return daysFromDate(year, m, found + 1);
      }
      year--;
      month = 12;
      from = 30;
    }
    return -1;
  }

  /** Number of matching days in [from, to). */
  count(from: number, to: number): number {
    if (from >= to) return 0;
    if (this.isEveryDay) return to - from;
    return this.countBefore(from, to);
  }

  /** Shortest number of days between two matching ones, never above the true one. */
  shortestGap(): number {
    const { fields, months } = this;
    const irregular = fields.places.length > 0 || fields.lastWeekdays !== 0 || fields.nthWeekdays.length > 0;
    if (irregular || (!fields.both && fields.weekdays !== 0)) return 1;
    const weekGap = fields.weekdays === 127 ? 1 : circularGap(fields.weekdays, 7);
    // A month has 28 days at least, so the way around it is never shorter than over 28.
    const monthGap = fields.days === 0x7fffffff ? 1 : circularGap(fields.days, 28);
    const onlyOneADayAMonth = countBits(fields.days) === 1;
    const yearGap = onlyOneADayAMonth && countBits(months) === 1 ? 365 : 1;
    return Math.max(weekGap, monthGap, yearGap);
  }

  private countBefore(from: number, to: number): number {
    let count = 0;
    const last = packedDate(to - 1);
    let year = packedDate(from) >>> 9;
    for (; year <= last >>> 9; year++) {
      if (this.yearFrom(year) !== year) continue;
      for (let month = nextBit(this.months, 1); month >= 0; month = nextBit(this.months, month + 1)) {
        const start = daysFromDate(year, month, 1);
        if (start >= to) break;
        const days = monthDays(this.fields, year, month);
        const skipped = start >= from ? 0 : countBitsBelow(days, Math.min(31, from - start));
        count += countBitsBelow(days, Math.min(31, to - start)) - skipped;
      }
    }
    return count;
  }

  private yearFrom(year: number): number {
    if (year < FIRST_YEAR) return this.yearFrom(FIRST_YEAR);
    if (!this.years) return year > LAST_YEAR ? -1 : year;
    return this.years[lowerBound(this.years, year)] ?? -1;
  }

  private yearBack(year: number): number {
    if (!this.years) return year < FIRST_YEAR ? -1 : year;
    return this.years[lowerBound(this.years, year + 1) - 1] ?? -1;
  }

  private mostYears(): number {
    return this.years ? this.years.length : CALENDAR_CYCLE;
  }
}

/** The Gregorian calendar repeats, weekdays included, after 400 years. */
const CALENDAR_CYCLE = 400;

/** Index of the first number that is not below `value`. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function circularGap(bits: number, size: number): number {
  const first = nextBit(bits, 0);
  if (first < 0) return 1;
  let shortest = size - previousBit(bits, 31) + first;
  for (let at = first, next = nextBit(bits, at + 1); next >= 0; at = next, next = nextBit(bits, at + 1)) {
    shortest = Math.min(shortest, next - at);
  }
  return Math.max(1, shortest);
}
