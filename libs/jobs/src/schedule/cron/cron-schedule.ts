import { Schedule } from '../schedule.js';
import { Segment, TimeZone } from '../time-zone.js';
import { DAY_SECONDS, LAST_SECOND } from './calendar.js';
import { zonedInterval } from './shortest-interval.js';
import { WallClockRule } from './wall-clock-rule.js';

/**
 * A cron expression in a time zone. Where clocks change, cron(8) of Debian is the rule:
 *
 * - A fixed-time job (see WallClockRule) fires once on every local day: a time in the gap at the first instant after
 *   it, several such as one; a time that comes twice at its first coming only.
 * - Any other job follows real time: it fires at every instant whose wall clock matches.
 */
export class CronSchedule implements Schedule {
  constructor(
    private readonly rule: WallClockRule,
    private readonly zone: TimeZone,
  ) {}

  get shortestIntervalMs(): number {
    return zonedInterval(this.rule, this.zone) * 1000;
  }

  next(after: number): number | undefined {
    const from = Math.floor(Math.max(after, -1) / 1000) + 1;
    if (from > LAST_SECOND) return undefined;
    const second = this.rule.isFixedTime ? this.nextFixed(from) : this.nextFlowing(from);
    return second < 0 || second > LAST_SECOND ? undefined : second * 1000;
  }

  previous(before: number, notBefore: number): number | undefined {
    const from = Math.min(Math.ceil(before / 1000) - 1, LAST_SECOND);
    const floor = Math.max(0, Math.floor(notBefore / 1000) + 1);
    if (from < floor) return undefined;
    const second = this.rule.isFixedTime ? this.previousFixed(from) : this.previousFlowing(from, floor);
    return second < floor ? undefined : second * 1000;
  }

  count(from: number, to: number, limit = Number.POSITIVE_INFINITY): number {
    if (limit <= STEPPED_COUNT) return this.countByStepping(from, to, limit);
    const first = Math.floor(Math.max(from, -1) / 1000) + 1;
    const end = Math.min(Math.floor(to / 1000), LAST_SECOND) + 1;
    if (first >= end) return 0;
    return Math.min(limit, this.rule.isFixedTime ? this.countFixed(first, end) : this.countFlowing(first, end));
  }

  private nextFixed(from: number): number {
    const wallClock = this.rule.next(this.wallClockFrom(from));
    return wallClock < 0 ? -1 : this.instantOf(wallClock, from);
  }

  private previousFixed(from: number): number {
    const wallClock = this.rule.previous(this.wallClockFrom(from + 1) - 1);
    return wallClock < 0 ? -1 : this.instantOf(wallClock, from);
  }

  private instantOf(wallClock: number, near: number): number {
    const { start, end, offset, offsetBefore } = this.zone.segmentAt(near);
    const instant = wallClock - offset;
    const isFirstComing = offsetBefore <= offset || wallClock >= start + offsetBefore;
    return instant >= start && instant < end && isFirstComing ? instant : this.zone.firstInstantOf(wallClock);
  }

  /**
   * The wall-clock time that parts a fixed-time job's fires before the instant from those at or after it: those of a
   * gap belong to its end, the second coming of a time to nobody.
   */
  private wallClockFrom(instant: number): number {
    const { start, offset, offsetBefore } = this.zone.segmentAt(instant);
    if (offsetBefore > offset) return Math.max(instant + offset, start + offsetBefore);
    return instant === start ? instant + offsetBefore : instant + offset;
  }

  private nextFlowing(from: number): number {
    let instant = from;
    for (;;) {
      const { end, offset } = this.zone.segmentAt(instant);
      const wallClock = this.rule.next(instant + offset);
      if (wallClock < 0) return -1;
      if (wallClock - offset < end) return wallClock - offset;
      // Nothing more in this stretch. Unless clocks go back behind where the search began, nothing lies before the
      // match just found either, so the stretches up to two days before it need no look.
      const isCovered = end + this.zone.segmentAt(end).offset >= instant + offset;
      instant = isCovered ? Math.max(end, wallClock - 2 * DAY_SECONDS) : end;
    }
  }

  private previousFlowing(from: number, floor: number): number {
    let instant = from;
    while (instant >= floor) {
      const { start, offset } = this.zone.segmentAt(instant);
      const wallClock = this.rule.previous(instant + offset);
      if (wallClock < 0) return -1;
      if (wallClock - offset >= start) return wallClock - offset;
      const isCovered = start - 1 + this.zone.segmentAt(start - 1).offset <= instant + offset;
      instant = isCovered ? Math.min(start - 1, wallClock + 2 * DAY_SECONDS) : start - 1;
    }
    return -1;
  }

  private countFlowing(from: number, end: number): number {
    let count = 0;
    for (let instant = from; instant < end; ) {
      const segment = this.zone.segmentAt(instant);
      const until = Math.min(segment.end, end);
      count += this.rule.count(instant + segment.offset, until + segment.offset);
      instant = until;
    }
    return count;
  }

  private countFixed(from: number, end: number): number {
    let count = this.rule.count(this.wallClockFrom(from), this.wallClockFrom(end));
    let segment = this.zone.segmentAt(from);
    if (segment.start === from) count -= this.collapsedInto(segment);
    while (segment.end < end) {
      segment = this.zone.segmentAt(segment.end);
      count -= this.collapsedInto(segment);
    }
    return count;
  }

  /** How many fires the gap before a stretch swallows: its times and the first instant after it fire as one. */
  private collapsedInto({ start, offset, offsetBefore }: Segment): number {
    return offsetBefore >= offset ? 0 : Math.max(0, this.rule.count(start + offsetBefore, start + offset + 1) - 1);
  }

  private countByStepping(from: number, to: number, limit: number): number {
    let count = 0;
    for (let at = this.next(from); at !== undefined && at <= to && count < limit; at = this.next(at)) count++;
    return count;
  }
}

/** Up to this limit, counting one by one costs less than finding the changes of clocks of a long range. */
const STEPPED_COUNT = 1000;
