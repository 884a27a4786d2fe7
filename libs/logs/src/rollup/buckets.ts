/** Upper bounds (inclusive) of the duration histogram, milliseconds; one more bucket holds what is longer. */
export const DURATION_BUCKETS_MS: readonly number[] = [
  10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
  3_600_000, 7_200_000, 21_600_000, 86_400_000,
];

/** Upper bounds (inclusive) of the lateness histogram, milliseconds; one more bucket holds what is later. */
export const LATENESS_BUCKETS_MS: readonly number[] = [
  1, 5, 10, 25, 50, 100, 250, 500, 1_000, 1_500, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
];

/** An empty histogram over the bounds: one count per bound and one for what lies above all. */
export function emptyHistogram(bounds: readonly number[]): number[] {
  return new Array<number>(bounds.length + 1).fill(0);
}

/** Counts a value into its bucket; a negative one (a clock that was ahead) counts as the smallest. */
export function count(histogram: number[], bounds: readonly number[], value: number): void {
  const found = bounds.findIndex((bound) => value <= bound);
  const bucket = found === -1 ? bounds.length : found;
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}
