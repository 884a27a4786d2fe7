import type { Stats } from '@fleetcron/sdk';
import { isBad, RUN_STATUSES, type RunStatus } from '@/format/status';

/** Fires that ended without a run. */
const NEVER_RAN: readonly RunStatus[] = ['skipped', 'missed', 'cancelled'];

/** The counts that need a look, and what never ran, of all that is counted. */
export function figuresOf({ counts }: Pick<Stats, 'counts'>) {
  const of = (statuses: readonly RunStatus[]) => statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  const bad = RUN_STATUSES.filter((status) => isBad(status) && (counts[status] ?? 0) > 0);
  return { bad, badCount: of(bad), neverRan: of(NEVER_RAN) };
}
