import type { TimelineBucket, TimelineMark, TimelineRow } from '@fleetcron/sdk';
import type { FireStatus } from '@/format/status';
import { placeOf, type Span } from './span';

/** Something on the axis one can point at: a scheduled time with its outcome, or an hour. Epoch milliseconds. */
export type Spot = { readonly kind: 'mark'; readonly at: number; readonly mark: TimelineMark } | HourSpot;

/** An hour of a job that fires often, or a part of one: what was, by outcome, and how many fires are to come. */
export interface HourSpot {
  readonly kind: 'hour';
  /** Epoch milliseconds; `untilAt` is exclusive. */
  readonly at: number;
  readonly untilAt: number;
  readonly counts: TimelineBucket['counts'];
  readonly planned: number;
}

/**
 * What is drawn of a row, ascending by time; a row has marks or hours, never both. The hour that holds the present is
 * two: what was up to now, and what is to come.
 */
export function spotsOf({ marks, buckets }: Pick<TimelineRow, 'marks' | 'buckets'>, now: number): readonly Spot[] {
  if (buckets) {
    return buckets.flatMap((hour) => hoursOf(hour, now));
  }
  return (marks ?? []).map((mark) => ({ kind: 'mark', at: Date.parse(mark.at), mark }));
}

function hoursOf(hour: TimelineBucket, now: number): readonly HourSpot[] {
  const [at, untilAt] = [Date.parse(hour.at), Date.parse(hour.untilAt)];
  const was = { kind: 'hour', at, untilAt: Math.min(untilAt, now), counts: hour.counts, planned: 0 } as const;
  const comes = { kind: 'hour', at: Math.max(at, now), untilAt, counts: {}, planned: hour.planned } as const;
  const parts = now <= at ? [{ ...comes, counts: hour.counts }] : now >= untilAt ? [was] : [was, comes];
  return parts.filter(({ counts, planned }) => planned > 0 || Object.keys(counts).length > 0);
}

/** Whether a spot speaks of nothing but fires to come. */
export function isToCome(spot: Spot): boolean {
  return spot.kind === 'mark' ? spot.mark.status === 'planned' : Object.keys(spot.counts).length === 0;
}

/** The middle of a spot on an axis of this width, pixels; of an hour, of what is seen of it. */
export function middleOf(spot: Spot, span: Span, width: number): number {
  if (spot.kind === 'mark') {
    return placeOf(spot.at, span, width);
  }
  const [left, right] = [placeOf(spot.at, span, width), placeOf(spot.untilAt, span, width)];
  const isSeen = right > 0 && left < width;
  return isSeen ? (Math.max(0, left) + Math.min(width, right)) / 2 : (left + right) / 2;
}

/** The place in `spots` of the one nearest to `x` pixels, no farther than `reach`; -1 where none is. */
export function nearestSpot(
  spots: readonly Spot[],
  x: number,
  { span, width, reach = Number.POSITIVE_INFINITY }: { span: Span; width: number; reach?: number },
): number {
  let best = -1;
  let least = reach;
  for (const [index, spot] of spots.entries()) {
    const distance = Math.abs(middleOf(spot, span, width) - x);
    if (distance < least) {
      best = index;
      least = distance;
    }
  }
  return best;
}

/** Row with what is known of one of its fires since it was read. The same row where it has no such fire. */
export function patchedRow(
  row: TimelineRow,
  { at, status, runId }: { readonly at: string; readonly status: FireStatus; readonly runId: string },
): TimelineRow {
  const index = row.marks?.findIndex((mark) => mark.at === at) ?? -1;
  const mark = row.marks?.[index];
  if (!row.marks || !mark || (mark.status === status && mark.runId === runId)) {
    return row;
  }
  return { ...row, marks: row.marks.with(index, { ...mark, status, runId }) };
}

/** The rows in the order they are shown in: those that stay keep their places, new ones come where they stand. */
export function inShownOrder<Row extends { readonly jobName: string }>(
  rows: readonly Row[],
  shown: readonly string[],
): readonly Row[] {
  const places = new Map(shown.map((name, index) => [name, index]));
  const staying = rows
    .filter(({ jobName }) => places.has(jobName))
    .sort((left, right) => (places.get(left.jobName) ?? 0) - (places.get(right.jobName) ?? 0));
  let next = 0;
  return rows.map((row) => (places.has(row.jobName) ? (staying[next++] ?? row) : row));
}
