import type { HourlyRollup } from '../port/history-store.js';
import { countIn, type Distribution, type StepCount } from './distribution.js';

/** A roll-up as a store may hold it: earlier ones count durations and lateness in a list, by the bounds below. */
export type StoredRollup = Omit<HourlyRollup, 'durations' | 'lateness'> & {
  readonly durations: Distribution | readonly number[];
  readonly lateness: Distribution | readonly number[];
};

/** Upper bounds (inclusive) of the lists, milliseconds; one more bucket held what lay above all. */
const DURATION_BOUNDS_MS = [
  10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
  3_600_000, 7_200_000, 21_600_000, 86_400_000,
];
const LATENESS_BOUNDS_MS = [
  1, 5, 10, 25, 50, 100, 250, 500, 1_000, 1_500, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
];

/** The roll-up that is stored, in whichever way it counts. */
export function readRollup(stored: StoredRollup): HourlyRollup {
  const { durations, durationSumMs, durationMaxMs, lateness, latenessMaxMs } = stored;
  return {
    ...stored,
    durations: readList(durations, DURATION_BOUNDS_MS, durationMaxMs, durationSumMs),
    lateness: readList(lateness, LATENESS_BOUNDS_MS, latenessMaxMs),
  };
}

/** A bucket counts as its middle, as the largest value seen where that is less; a lone one as the average, where known. */
function readList(
  stored: Distribution | readonly number[],
  bounds: readonly number[],
  maxMs: number,
  sumMs?: number,
): Distribution {
  if (!isList(stored)) return stored;
  const read: Record<string, StepCount> = {};
  const filled = [...stored.entries()].filter(([, count]) => count > 0);
  for (const [bucket, count] of filled) {
    const low = bounds[bucket - 1] ?? 0;
    const high = Math.max(low, Math.min(maxMs, bounds[bucket] ?? maxMs));
    const isLone = filled.length === 1 && sumMs !== undefined;
    countIn(read, isLone ? sumMs / count : Math.round((low + high) / 2), count);
  }
  return read;
}

function isList(stored: Distribution | readonly number[]): stored is readonly number[] {
  return Array.isArray(stored);
}
