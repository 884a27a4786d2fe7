import type { Stats } from '@fleetcron/sdk';
import { isBad, RUN_STATUSES, type RunStatus, ranAndNot } from '@/format/status';

/** The counts that need a look, what ran and what never did, of all that is counted. */
export function figuresOf({ counts }: Pick<Stats, 'counts'>) {
  const of = (statuses: readonly RunStatus[]) => statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  const bad = RUN_STATUSES.filter((status) => isBad(status) && (counts[status] ?? 0) > 0);
  return { bad, badCount: of(bad), ...ranAndNot(counts) };
}
