/** How often values fell where, as plain numbers. */
export interface HistogramCounts {
  /** Upper bounds of the buckets, inclusive, ascending. */
  readonly bounds: readonly number[];
  /** Values in each bucket, not those of the ones before; one more than bounds: the last has no bound. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** Counts values in fixed buckets. Adding one allocates nothing. */
export class Histogram implements HistogramCounts {
  readonly counts: number[];
  sum = 0;
  private largest = 0;

  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  /** Adds a value, 0 or more. */
  add(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) bucket++;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sum += value;
    if (value > this.largest) this.largest = value;
  }

  /** The largest value since it was last taken; 0 where none came. */
  takeLargest(): number {
    const { largest } = this;
    this.largest = 0;
    return largest;
  }
}

/**
 * The value that so many of all (`share`, 0 to 1) are not above, read from buckets as Prometheus reads them: straight
 * between the bounds, and never above the largest value. On the right side of a bound it is exact. 0 without values.
 */
export function quantileOf(
  { bounds, counts }: Pick<HistogramCounts, 'bounds' | 'counts'>,
  share: number,
  largest: number,
): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const rank = Math.ceil(share * total);
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const from = bounds[bucket - 1] ?? 0;
      const to = bounds[bucket] ?? largest;
      return Math.min(largest, from + ((to - from) * (rank - below)) / count);
    }
    below += count;
  }
  return 0;
}
