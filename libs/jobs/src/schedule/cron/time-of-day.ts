import {
  countBits60Below,
  countBitsBelow,
  hasBit60,
  nextBit,
  nextBit60,
  previousBit,
  previousBit60,
  word,
  words,
} from './bits.js';

/** Which seconds of a day match: the second, minute and hour fields. Times are seconds from midnight, 0 to 86399. */
export class TimeOfDay {
  private readonly secondLow: number;
  private readonly secondHigh: number;
  private readonly minuteLow: number;
  private readonly minuteHigh: number;
  private readonly hours: number;
  /** First and last matching time. */
  readonly first: number;
  readonly last: number;

  /** Each list holds at least one value within its field's range; order does not matter. */
  constructor(seconds: readonly number[], minutes: readonly number[], hours: readonly number[]) {
    [this.secondLow, this.secondHigh] = words(seconds);
    [this.minuteLow, this.minuteHigh] = words(minutes);
    this.hours = word(hours);
    this.first = Math.min(...hours) * 3600 + Math.min(...minutes) * 60 + Math.min(...seconds);
    this.last = Math.max(...hours) * 3600 + Math.max(...minutes) * 60 + Math.max(...seconds);
  }

  /** First matching time at or after; -1 when the day has no more. */
  next(time: number): number {
    if (time <= this.first) return this.first;
    const hour = Math.floor(time / 3600);
    if ((this.hours >>> hour) & 1) {
      const minute = Math.floor(time / 60) % 60;
      if (hasBit60(this.minuteLow, this.minuteHigh, minute)) {
        const second = nextBit60(this.secondLow, this.secondHigh, time % 60);
        if (second >= 0) return hour * 3600 + minute * 60 + second;
      }
      const nextMinute = nextBit60(this.minuteLow, this.minuteHigh, minute + 1);
      if (nextMinute >= 0) return hour * 3600 + nextMinute * 60 + (this.first % 60);
    }
    const nextHour = nextBit(this.hours, hour + 1);
    return nextHour < 0 ? -1 : nextHour * 3600 + (this.first % 3600);
  }

  /** Last matching time at or before; -1 when the day had none yet. */
  previous(time: number): number {
    if (time >= this.last) return this.last;
    const hour = Math.floor(time / 3600);
    if ((this.hours >>> hour) & 1) {
      const minute = Math.floor(time / 60) % 60;
      if (hasBit60(this.minuteLow, this.minuteHigh, minute)) {
        const second = previousBit60(this.secondLow, this.secondHigh, time % 60);
        if (second >= 0) return hour * 3600 + minute * 60 + second;
      }
      const previousMinute = previousBit60(this.minuteLow, this.minuteHigh, minute - 1);
      if (previousMinute >= 0) return hour * 3600 + previousMinute * 60 + (this.last % 60);
    }
    const previousHour = previousBit(this.hours, hour - 1);
    return previousHour < 0 ? -1 : previousHour * 3600 + (this.last % 3600);
  }

  /** Number of matching times before `time`; 86400 counts the whole day. */
  countBefore(time: number): number {
    const perMinute = countBits60Below(this.secondLow, this.secondHigh, 60);
    const perHour = countBits60Below(this.minuteLow, this.minuteHigh, 60) * perMinute;
    const hour = Math.floor(time / 3600);
    let count = countBitsBelow(this.hours, hour) * perHour;
    if ((this.hours >>> hour) & 1) {
      const minute = Math.floor(time / 60) % 60;
      count += countBits60Below(this.minuteLow, this.minuteHigh, minute) * perMinute;
      if (hasBit60(this.minuteLow, this.minuteHigh, minute)) {
        count += countBits60Below(this.secondLow, this.secondHigh, time % 60);
      }
    }
    return count;
  }

  /** Shortest time in seconds between two matching times of one day; Infinity when there is only one. */
  shortestGap(): number {
    let shortest = Number.POSITIVE_INFINITY;
    // 86,400 steps at most, and only for a schedule that fires every second, where the first step ends it.
    for (let time = this.first, next = this.next(time + 1); next >= 0; time = next, next = this.next(time + 1)) {
      shortest = Math.min(shortest, next - time);
      if (shortest === 1) break;
    }
    return shortest;
  }
}
