import { TimeZone } from '../time-zone.js';
import { DAY_SECONDS, daysFromDate } from './calendar.js';
import { WallClockRule } from './wall-clock-rule.js';

/**
 * Shortest time in seconds between two fires of a rule in a zone, never above the true one.
 *
 * On a day whose clocks change, fires come closer than their wall-clock times say: at most by the size of the change, or
 * as close as the two comings of one time; and never closer than their seconds of the hour lie apart, taken modulo what
 * all changes of the zone are multiples of.
 */
export function zonedInterval(rule: WallClockRule, zone: TimeZone): number {
  const plain = wallClockInterval(rule);
  if (plain === 1) return 1;
  const changes = changesOf(zone);
  if (changes.unit === 0) return plain;
  const residues = new Set(changes.gapEnds.filter(() => rule.isFixedTime).map((end) => end % changes.unit));
  for (let time = rule.times.first; time >= 0 && residues.size < changes.unit; time = rule.times.next(time + 1)) {
    residues.add(time % changes.unit);
    // Only the second of the hour matters where the unit divides the hour.
    if (3600 % changes.unit === 0 && time - rule.times.first >= 3600) break;
  }
  const apart = Math.min(plain - changes.largest, rule.isFixedTime ? plain : repeatInterval(rule, changes));
  return Math.max(1, Math.min(plain, circular([...residues], changes.unit)), apart);
}

/** As `zonedInterval`, where clocks never change. */
function wallClockInterval(rule: WallClockRule): number {
  const { times, days } = rule;
  const overnight = days.shortestGap() * DAY_SECONDS - times.last + times.first;
  return Math.min(times.shortestGap(), overnight);
}

/** Time between the two comings of one wall-clock time of the rule; Infinity where none comes twice. */
function repeatInterval({ times }: WallClockRule, { repeats }: Changes): number {
  const isHit = ({ from, size }: Repeat): boolean => {
    const next = times.next(from);
    return (next >= 0 && next < from + size) || times.first < from + size - DAY_SECONDS;
  };
  return Math.min(...repeats.filter(isHit).map(({ size }) => size));
}

/** A stretch of the wall clock that comes twice: from a second of the day, that many seconds long. */
interface Repeat {
  readonly from: number;
  readonly size: number;
}

interface Changes {
  /** All changes are multiples of this many seconds; 0: there are none. */
  readonly unit: number;
  readonly largest: number;
  /** Wall-clock second of the day at which gaps end. */
  readonly gapEnds: readonly number[];
  readonly repeats: readonly Repeat[];
}

const known = new WeakMap<TimeZone, Changes>();

/** The changes of the rules a zone has now, read from six years of them. */
function changesOf(zone: TimeZone): Changes {
  const cached = known.get(zone);
  if (cached) return cached;
  let unit = 0;
  let largest = 0;
  const gapEnds = new Set<number>();
  const repeats: Repeat[] = [];
  const to = daysFromDate(2031, 1, 1) * DAY_SECONDS;
  for (let at = daysFromDate(2025, 1, 1) * DAY_SECONDS; at < to; ) {
    const { start, end, offset, offsetBefore } = zone.segmentAt(at);
    const change = Math.abs(offset - offsetBefore);
    if (change > 0) unit = greatestCommonDivisor(change, unit);
    if (offset > offsetBefore) gapEnds.add((start + offset) % DAY_SECONDS);
    if (offset < offsetBefore) repeats.push({ from: (start + offset) % DAY_SECONDS, size: change });
    largest = Math.max(largest, change);
    at = end;
  }
  const changes = { unit, largest, gapEnds: [...gapEnds], repeats };
  known.set(zone, changes);
  return changes;
}

/** Shortest way between two of the numbers around a circle; all of it when there is one number. */
function circular(numbers: readonly number[], size: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted.reduce((shortest, value, index) => {
    const next = sorted[index + 1] ?? sorted[0]! + size;
    return Math.min(shortest, next - value);
  }, size);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
