import { RunStatus } from '@app/jobs';
import { HourlyRollup } from '../port/history-store.js';

/** Ended by itself or was ended: the statuses a success rate speaks of. Skipped, missed and cancelled never ran. */
const RAN_STATUSES: readonly RunStatus[] = ['succeeded', 'failed', 'timedOut', 'killed', 'lost'];

/**
 * The value below which a share `p` (0 to 1) of the counted ones lie, by straight interpolation inside its bucket;
 * undefined when nothing was counted. `max`, the largest value seen, bounds the answer and gives the last bucket an end.
 */
export function percentile(
  histogram: readonly number[],
  bounds: readonly number[],
  p: number,
  max = Number.POSITIVE_INFINITY,
): number | undefined {
  const total = histogram.reduce((sum, number) => sum + number, 0);
  if (total === 0) return undefined;
  const wanted = Math.min(1, Math.max(0, p)) * total;
  let below = 0;
  for (const [bucket, number] of histogram.entries()) {
    if (number > 0 && below + number >= wanted) {
      const low = bounds[bucket - 1] ?? 0;
      const high = bounds[bucket] ?? (Number.isFinite(max) ? Math.max(low, max) : low);
      return Math.min(max, low + ((high - low) * (wanted - below)) / number);
    }
    below += number;
  }
  return undefined;
}

/** Share (0 to 1) of the runs that ran and succeeded; undefined when none ran. */
export function successRate(rollup: Pick<HourlyRollup, 'counts'>): number | undefined {
  const ran = RAN_STATUSES.reduce((sum, status) => sum + (rollup.counts[status] ?? 0), 0);
  return ran === 0 ? undefined : (rollup.counts.succeeded ?? 0) / ran;
}
