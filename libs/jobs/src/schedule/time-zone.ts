import { DAY_SECONDS, daysFromDate, packedDate } from './cron/calendar.js';

/** A stretch of time in which a zone's offset stays the same. Instants in seconds since the epoch. */
export interface Segment {
  /** Inclusive. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Seconds to add to UTC. */
  readonly offset: number;
  /** The offset immediately before `start`; equal to `offset` where a stretch was only cut for storage. */
  readonly offsetBefore: number;
}

/**
 * The changes of clocks of one zone, from the tz data of this Node. Found a year at a time, when somebody asks, and
 * kept: an answer from the table costs some 40 ns, one from Intl 1,400.
 */
export class TimeZone {
  private latest: Segment;
  private readonly years = new Map<number, readonly Segment[]>();

  private constructor(private readonly offsetAt: (second: number) => number) {
    this.latest = { start: 0, end: 0, offset: 0, offsetBefore: 0 };
  }

  /** The zone of an IANA name in any case; undefined when there is none. The same object for the same zone. */
  static of(name: string): TimeZone | undefined {
    const key = name.toLowerCase();
    const known = zones.get(key);
    if (known) return known;
    const offsetAt = offsetReader(name);
    if (!offsetAt) return undefined;
    const zone = new TimeZone(offsetAt);
    if (key === 'utc') zone.latest = { start: -Infinity, end: Infinity, offset: 0, offsetBefore: 0 };
    zones.set(key, zone);
    return zone;
  }

  /** The stretch that holds an instant. */
  segmentAt(second: number): Segment {
    const latest = this.latest;
    if (second >= latest.start && second < latest.end) return latest;
    this.latest = this.find(second);
    return this.latest;
  }

  /**
   * The instant of a wall-clock time: the first of two where clocks went back, the first instant after the gap where
   * they went forward over it.
   */
  firstInstantOf(wallClock: number): number {
    // No zone is more than 15 hours ahead, so the walk begins before the first possible answer.
    let segment = this.segmentAt(wallClock - MOST_AHEAD);
    for (;;) {
      const instant = wallClock - segment.offset;
      if (instant < segment.start) return segment.start;
      if (instant < segment.end) return instant;
      segment = this.segmentAt(segment.end);
    }
  }

  private find(second: number): Segment {
    let year = packedDate(Math.floor(second / DAY_SECONDS)) >>> 9;
    let segments = this.segmentsOf(year);
    if (second >= segments[segments.length - 1]!.end) segments = this.segmentsOf(++year);
    else if (second < segments[0]!.start) segments = this.segmentsOf(--year);
    return segments.find((segment) => second < segment.end)!;
  }

  private segmentsOf(year: number): readonly Segment[] {
    const known = this.years.get(year);
    if (known) return known;
    // Somebody walks through millennia: start over rather than keep them all.
    if (this.years.size >= 400) this.years.clear();
    const segments = this.readYear(this.boundary(year), this.boundary(year + 1));
    this.years.set(year, segments);
    return segments;
  }

  private readYear(from: number, to: number): Segment[] {
    const segments: Segment[] = [];
    let start = from;
    let offset = this.offsetAt(from);
    let offsetBefore = this.offsetAt(from - 1);
    for (let at = from; at < to; at += PROBE_SECONDS) {
      const probe = Math.min(at + PROBE_SECONDS, to - 1);
      const changed = this.offsetAt(probe);
      if (changed === offset) continue;
      const change = this.changeBetween(at, probe, offset);
      segments.push({ start, end: change, offset, offsetBefore });
      start = change;
      offsetBefore = offset;
      offset = changed;
    }
    segments.push({ start, end: to, offset, offsetBefore });
    return segments;
  }

  /** First second in (low, high] whose offset is not `offset`. */
  private changeBetween(low: number, high: number, offset: number): number {
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offsetAt(middle) === offset) low = middle;
      else high = middle;
    }
    return high;
  }

  /** Where one year's table ends and the next begins: near 1 January, with no change of clocks in the day before. */
  private boundary(year: number): number {
    let second = daysFromDate(year, 1, 1) * DAY_SECONDS;
    while (this.offsetAt(second - DAY_SECONDS) !== this.offsetAt(second)) second -= 2 * DAY_SECONDS;
    return second;
  }
}

const zones = new Map<string, TimeZone>();
const MOST_AHEAD = 15 * 3600;
/** No zone changed its clocks twice within four days. */
const PROBE_SECONDS = 4 * DAY_SECONDS;

/** The names of three letters in the IANA database. */
const THREE_LETTER_ZONES = new Set([
  'UTC',
  'UCT',
  'GMT',
  'EST',
  'MST',
  'HST',
  'CET',
  'MET',
  'EET',
  'WET',
  'PRC',
  'ROC',
  'ROK',
]);

function offsetReader(name: string): ((second: number) => number) | undefined {
  if (/^utc$/i.test(name)) return () => 0;
  // Newer engines know bare offsets as well; a job must not depend on the version of Node that reads it.
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return undefined;
  // Intl also takes some abbreviations (IST, CST) for one of the zones that use them.
  if (/^[A-Za-z]{3}$/.test(name) && !THREE_LETTER_ZONES.has(name.toUpperCase())) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    return (second) => readOffset(format, second);
  } catch {
    return undefined;
  }
}

function readOffset(format: Intl.DateTimeFormat, second: number): number {
  const [day, hour, minute, rest] = format
    .format(second * 1000)
    .match(/\d+/g)!
    .map(Number) as [number, number, number, number];
  const utcDay = Math.floor(second / DAY_SECONDS);
  const utcDate = packedDate(utcDay) & 31;
  // The local date is the UTC date, the one before or the one after; 31 to 1 is one step on, 1 to 31 one back.
  const step = day - utcDate;
  const days = step > 1 ? -1 : step < -1 ? 1 : step;
  return days * DAY_SECONDS + hour * 3600 + minute * 60 + rest - (second - utcDay * DAY_SECONDS);
}
