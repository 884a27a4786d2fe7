import { type FireStatus, isBad, statusColor } from '@/format/status';
import { placeOf, type Span } from './span';
import type { HourSpot, Spot } from './spots';

/** Height of a row, pixels; marks stand in its middle. */
export const ROW = 34;

/** Everything of one status in a row, as one path. */
export interface Drawing {
  readonly status: FireStatus;
  readonly d: string;
  readonly color: string;
  readonly isFilled: boolean;
  /** What went as planned steps back. */
  readonly isQuiet: boolean;
}

/** Each status has a shape of its own, so that nothing hangs on colour. Drawn around 0, 0. */
const SHAPES: Readonly<Record<FireStatus, string>> = {
  succeeded: 'm-1.5-5.5h3v11h-3z',
  failed: 'm-4.5-4.5l9 9m0-9l-9 9',
  timedOut: 'm-5 0a5 5 0 1010 0a5 5 0 10-10 0m5-3v3.2l2.2 1.6',
  lost: 'm-4 5l2.6-3.4m2.8-3.2l2.6-3.4m-8.4 2l1.9 1.4m4.6 3.2l1.9 1.4',
  missed: 'm-5 0a5 5 0 1010 0a5 5 0 10-10 0m1.5 3.5l7-7',
  killed: 'm-4-4h8v8h-8z',
  skipped: 'm-4 0h8',
  cancelled: 'm-3.5 4.5l7-9',
  running: 'm3.6-3.4a5 5 0 10 1.4 3.4',
  queued: 'm-5-1.2h2.4v2.4h-2.4zm3.8 0h2.4v2.4h-2.4zm3.8 0h2.4v2.4h-2.4z',
  planned: 'm-3.5 0a3.5 3.5 0 107 0a3.5 3.5 0 10-7 0',
  due: 'm-4 0a4 4 0 108 0a4 4 0 10-8 0m4-.8v1.6',
  paused: 'm-2-3.5v7m4-7v7',
  unrecorded: 'm-1.2 0h2.4',
};
/** Where marks stand closer than this, pixels, rings are small. */
const CLOSE = 10;
const SMALL_RING = 'm-2 0a2 2 0 104 0a2 2 0 10-4 0';
/** What went as somebody wanted it. */
const QUIET: ReadonlySet<FireStatus> = new Set(['succeeded', 'skipped', 'cancelled', 'paused', 'unrecorded']);
const FILLED: ReadonlySet<FireStatus> = new Set(['succeeded', 'killed', 'queued']);

/** What is drawn first lies below: the ordinary, then what runs, then what is bad. */
const DEPTH = (status: FireStatus): number =>
  isBad(status) ? 3 : status === 'running' ? 2 : status === 'planned' ? 0 : 1;

/** The shape of a status on its own, for a legend: around the middle of a square of 14. */
export function shapeOf(status: FireStatus): Drawing {
  return drawing(status, `M7 7${SHAPES[status]}`);
}

/** The marks of a row; what lies outside of the axis is left out. */
export function drawMarks(spots: readonly Spot[], span: Span, width: number): readonly Drawing[] {
  const paths = new Map<FireStatus, string>();
  const isClose = usualDistance(spots, span, width) < CLOSE;
  for (const spot of spots) {
    const x = placeOf(spot.at, span, width);
    if (spot.kind === 'mark' && x >= -8 && x <= width + 8) {
      const { status } = spot.mark;
      const shape = isClose && status === 'planned' ? SMALL_RING : SHAPES[status];
      paths.set(status, `${paths.get(status) ?? ''}M${x.toFixed(1)} ${ROW / 2}${shape}`);
    }
  }
  return [...paths]
    .map(([status, d]) => drawing(status, d))
    .sort((left, right) => DEPTH(left.status) - DEPTH(right.status));
}

function usualDistance(spots: readonly Spot[], span: Span, width: number): number {
  const [first, last] = [spots[0], spots.at(-1)];
  if (!first || !last || first === last) return Number.POSITIVE_INFINITY;
  return (placeOf(last.at, span, width) - placeOf(first.at, span, width)) / (spots.length - 1);
}

/** From the bottom up; what is bad lies on top. */
const UPWARD: readonly FireStatus[] = [
  'succeeded',
  'skipped',
  'cancelled',
  'queued',
  'running',
  'killed',
  'planned',
  'missed',
  'lost',
  'timedOut',
  'failed',
];
const TALLEST = ROW - 10;
const LEAST_BAD = 4;

/** Hours as columns, stacked by outcome; their heights compare within the row. */
export function drawHours(spots: readonly Spot[], span: Span, width: number): readonly Drawing[] {
  const hours = spots.flatMap((spot) => (spot.kind === 'hour' ? [spot] : []));
  const countsOf = ({ counts, planned }: HourSpot): Readonly<Record<string, number>> => ({ ...counts, planned });
  const totals = hours.map((spot) => Object.values(countsOf(spot)).reduce((sum, count) => sum + count, 0));
  const most = Math.max(1, ...totals);
  const paths = new Map<FireStatus, string>();
  for (const spot of hours) {
    const left = placeOf(spot.at, span, width);
    const full = placeOf(spot.untilAt, span, width) - left;
    if (left + full < 0 || left > width) continue;
    const wide = Math.max(1, full - 1);
    const counts = countsOf(spot);
    let y = ROW - 5;
    for (const status of UPWARD.filter((each) => counts[each])) {
      const share = ((counts[status] ?? 0) / most) * TALLEST;
      const tall = Math.max(isBad(status) ? LEAST_BAD : 1, share);
      paths.set(
        status,
        `${paths.get(status) ?? ''}M${left.toFixed(1)} ${y.toFixed(1)}h${wide.toFixed(1)}v${-tall.toFixed(1)}h${-wide.toFixed(1)}z`,
      );
      y -= tall;
    }
  }
  return [...paths].map(([status, d]) => ({ ...drawing(status, d), isFilled: true }));
}

function drawing(status: FireStatus, d: string): Drawing {
  const isQuiet = QUIET.has(status);
  return { status, d, color: statusColor(status), isFilled: FILLED.has(status), isQuiet };
}
