import type { Run, Stats } from '@fleetcron/sdk';
import { formatDay } from '@/format/instant';
import { isBad } from '@/format/status';

type Hour = Stats['hours'][number];

/** How long the runs of an hour or a day took that came to their own end. */
export interface BandPoint {
  /** Epoch milliseconds: where the hour begins, or the first hour of the day that had runs. */
  readonly at: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** Those runs. */
  readonly count: number;
}

/** Hour by hour; hours in which nothing came to its own end are left out. */
export function bandByHour(hours: readonly Hour[]): BandPoint[] {
  return hours.flatMap(({ at, duration: { runs: count, p50Ms, p95Ms, maxMs } }) =>
    p50Ms === undefined || p95Ms === undefined || maxMs === undefined
      ? []
      : [{ at: Date.parse(at), p50Ms, p95Ms, maxMs, count }],
  );
}

/**
 * Day by day in the zone: of the hours of a day each counts as often as it had runs; the median of their medians and the
 * 95th percentile of theirs. Exact where an hour has one run, near enough where it has many.
 */
export function bandByDay(hours: readonly Hour[], zone: string): BandPoint[] {
  const days = new Map<string, BandPoint[]>();
  for (const point of bandByHour(hours)) {
    const day = formatDay(point.at, zone);
    days.set(day, [...(days.get(day) ?? []), point]);
  }
  return [...days.values()].map((points) => ({
    at: Math.min(...points.map(({ at }) => at)),
    p50Ms: weighted(points, ({ p50Ms }) => p50Ms, 0.5),
    p95Ms: weighted(points, ({ p95Ms }) => p95Ms, 0.95),
    maxMs: Math.max(...points.map(({ maxMs }) => maxMs)),
    count: points.reduce((sum, { count }) => sum + count, 0),
  }));
}

function weighted(points: readonly BandPoint[], of: (point: BandPoint) => number, share: number): number {
  const sorted = [...points].sort((left, right) => of(left) - of(right));
  const wanted = share * points.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  const found = sorted.find(({ count }) => {
    seen += count;
    return seen >= wanted;
  });
  return found ? of(found) : 0;
}

/** A run that took time, as a dot. */
export interface Dot {
  readonly id: string;
  /** Epoch milliseconds it started at. */
  readonly at: number;
  readonly durationMs: number;
  readonly status: Run['status'];
  readonly isBad: boolean;
}

/** The runs that took time, oldest first. */
export function dotsOf(runs: readonly Run[]): Dot[] {
  return runs
    .flatMap(({ id, status, durationMs, startTime, scheduledTime }) =>
      durationMs === undefined
        ? []
        : [{ id, status, durationMs, at: Date.parse(startTime ?? scheduledTime), isBad: isBad(status) }],
    )
    .sort((left, right) => left.at - right.at);
}

/** A run that took long. */
export interface Outlier extends Dot {
  /** How many times the 95th percentile it took; only where that is more than three. */
  readonly timesP95?: number;
}

const LONGEST = 5;
const FAR = 3;

/** The longest five, and all that took more than three times what 95 of 100 stay under, longest first. */
export function outliersOf(dots: readonly Dot[], p95Ms: number | undefined): Outlier[] {
  const isFar = ({ durationMs }: Dot) => p95Ms !== undefined && p95Ms > 0 && durationMs > FAR * p95Ms;
  return [...dots]
    .sort((left, right) => right.durationMs - left.durationMs)
    .filter((dot, index) => index < LONGEST || isFar(dot))
    .map((dot) => (isFar(dot) ? { ...dot, timesP95: dot.durationMs / (p95Ms ?? 1) } : dot));
}

/** What came to its own end. Others say nothing about how long a run takes. */
const OWN_END: readonly Run['status'][] = ['succeeded', 'failed'];

/** The 95th percentile (nearest rank) of the dots of runs that came to their own end, milliseconds; undefined where none did. */
export function p95OfDots(dots: readonly Dot[]): number | undefined {
  const sorted = dots
    .filter(({ status }) => OWN_END.includes(status))
    .map(({ durationMs }) => durationMs)
    .sort((left, right) => left - right);
  return sorted[Math.ceil(sorted.length * 0.95) - 1];
}

/** Whether the durations lie so far apart that only a logarithmic axis shows them all. */
export function isWide(durations: readonly number[]): boolean {
  const sorted = [...durations].sort((left, right) => left - right);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return (sorted.at(-1) ?? 0) > 20 * Math.max(1, median);
}
