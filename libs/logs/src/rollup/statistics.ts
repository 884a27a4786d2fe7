import { RunStatus } from '@app/jobs';
import { HourlyRollup } from '../port/history-store.js';

/** Ended by itself or was ended: the statuses a success rate speaks of. Skipped, missed and cancelled never ran. */
const RAN_STATUSES: readonly RunStatus[] = ['succeeded', 'failed', 'timedOut', 'killed', 'lost'];

/** Share (0 to 1) of the runs that ran and succeeded; undefined when none ran. */
export function successRate(rollup: Pick<HourlyRollup, 'counts'>): number | undefined {
  const ran = RAN_STATUSES.reduce((sum, status) => sum + (rollup.counts[status] ?? 0), 0);
  return ran === 0 ? undefined : (rollup.counts.succeeded ?? 0) / ran;
}
