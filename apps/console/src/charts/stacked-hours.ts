import { isBad, RUN_STATUSES, type RunStatus } from '@/format/status';

/** What ended, by outcome, in a stretch of time that begins at `at`; as `Stats.hours` gives it. */
export interface CountedHour {
  /** ISO or epoch milliseconds. */
  readonly at: string | number;
  readonly counts: Readonly<Record<string, number>>;
}

/** One piece of a column: so many of one outcome. */
export interface Piece {
  readonly status: RunStatus;
  readonly count: number;
  /** Pixels. */
  readonly height: number;
}

/** A stretch of time, with its outcomes from the bottom up: what went well lies below, what needs a look on top. */
export interface Column {
  /** Epoch milliseconds; `untilAt` is exclusive. */
  readonly at: number;
  readonly untilAt: number;
  readonly total: number;
  readonly pieces: readonly Piece[];
}

/** What is bad is never lower than this, were it one of a million: it must be seen. */
const LEAST_BAD = 4;
const LEAST = 1;

/** The bottom of a column first. */
const UPWARD = [...RUN_STATUSES].reverse();

/**
 * The columns of a span, one for each `stepMs` from `from` (inclusive) to `to` (exclusive), those without runs included.
 * The fullest is `height` pixels high, a little more where bad ones had to be made visible.
 */
export function columnsOf(
  hours: readonly CountedHour[],
  { from, to, stepMs, height }: { from: number; to: number; stepMs: number; height: number },
): Column[] {
  const length = Math.max(0, Math.ceil((to - from) / stepMs));
  const sums = Array.from({ length }, () => new Map<RunStatus, number>());
  for (const { at, counts } of hours) {
    const sum = sums[Math.floor(((typeof at === 'number' ? at : Date.parse(at)) - from) / stepMs)];
    for (const status of sum ? UPWARD : []) {
      const count = counts[status];
      if (count) sum?.set(status, (sum.get(status) ?? 0) + count);
    }
  }
  const totals = sums.map((sum) => [...sum.values()].reduce((total, count) => total + count, 0));
  const most = Math.max(1, ...totals);
  return sums.map((sum, index) => ({
    at: from + index * stepMs,
    untilAt: from + (index + 1) * stepMs,
    total: totals[index] ?? 0,
    pieces: UPWARD.filter((status) => sum.has(status)).map((status) => {
      const count = sum.get(status) ?? 0;
      return { status, count, height: Math.max(isBad(status) ? LEAST_BAD : LEAST, (count / most) * height) };
    }),
  }));
}

/** Every how many columns a label stands, so that at most `most` do: a number the hours of a day divide by. */
export function labelStep(columns: number, most: number): number {
  const needed = columns / Math.max(1, most);
  return [1, 2, 3, 4, 6, 12, 24, 48, 72, 168].find((step) => step >= needed) ?? 24 * Math.ceil(needed / 24);
}
