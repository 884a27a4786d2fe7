import { RunStatus } from '@app/jobs';
import { HourlyRollup } from '../port/history-store.js';
import { addInto, StepCount } from './distribution.js';

/** A roll-up over any span of time and any number of jobs. */
export type RollupTotal = Omit<HourlyRollup, 'jobName' | 'hour'>;

/** All of them together; zero everywhere when there are none. */
export function mergeRollups(rollups: Iterable<RollupTotal>): RollupTotal {
  const counts: Partial<Record<RunStatus, number>> = {};
  const durations: Record<string, StepCount> = {};
  const lateness: Record<string, StepCount> = {};
  let durationSumMs = 0;
  let durationMaxMs = 0;
  let latenessMaxMs = 0;
  for (const rollup of rollups) {
    for (const [status, number] of Object.entries(rollup.counts) as [RunStatus, number][]) {
      counts[status] = (counts[status] ?? 0) + number;
    }
    addInto(durations, rollup.durations);
    addInto(lateness, rollup.lateness);
    durationSumMs += rollup.durationSumMs;
    durationMaxMs = Math.max(durationMaxMs, rollup.durationMaxMs);
    latenessMaxMs = Math.max(latenessMaxMs, rollup.latenessMaxMs);
  }
  return { counts, durations, durationSumMs, durationMaxMs, lateness, latenessMaxMs };
}

/** Fires and runs counted in it, of every status. */
export function totalCount(rollup: Pick<HourlyRollup, 'counts'>): number {
  return Object.values(rollup.counts).reduce((sum, number) => sum + number, 0);
}

/**
 * Whether `next` may replace `stored` as the roll-up of the same hour. A correction moves a run from one status to
 * another and never lessens the total; so one that counts fewer was made after retention had deleted runs of that hour.
 */
export function isAtLeast(next: HourlyRollup, stored: HourlyRollup | undefined): boolean {
  return stored === undefined || totalCount(next) >= totalCount(stored);
}
