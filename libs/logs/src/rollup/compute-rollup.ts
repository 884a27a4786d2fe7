import { durationMs, isTerminal, latenessMs, Run, RunStatus } from '@app/jobs';
import { HourlyRollup } from '../port/history-store.js';
import { count, DURATION_BUCKETS_MS, emptyHistogram, LATENESS_BUCKETS_MS } from './buckets.js';
import { firesWithin } from './hours.js';

/** What of a run its roll-up is made from. */
export type Countable = Pick<
  Run,
  'status' | 'trigger' | 'scheduledTime' | 'untilTime' | 'count' | 'startTime' | 'endTime'
>;

/**
 * The roll-up of one hour of one job from all records that touch the hour. Runs that have not ended are left out, and
 * so is the duration of a lost one: when it really ended nobody knows.
 */
export function computeRollup(jobName: string, hour: number, runs: Iterable<Countable>): HourlyRollup {
  const counts: Partial<Record<RunStatus, number>> = {};
  const durations = emptyHistogram(DURATION_BUCKETS_MS);
  const lateness = emptyHistogram(LATENESS_BUCKETS_MS);
  let durationSumMs = 0;
  let durationMaxMs = 0;
  let latenessMaxMs = 0;
  for (const run of runs) {
    const fires = firesWithin(run, hour);
    if (!isTerminal(run.status) || fires === 0) continue;
    counts[run.status] = (counts[run.status] ?? 0) + fires;
    const late = latenessMs(run);
    if (late !== undefined) {
      count(lateness, LATENESS_BUCKETS_MS, late);
      latenessMaxMs = Math.max(latenessMaxMs, late);
    }
    const duration = run.status === 'lost' ? undefined : durationMs(run);
    if (duration !== undefined) {
      count(durations, DURATION_BUCKETS_MS, duration);
      durationSumMs += Math.max(0, duration);
      durationMaxMs = Math.max(durationMaxMs, duration);
    }
  }
  return { jobName, hour, counts, durations, durationSumMs, durationMaxMs, lateness, latenessMaxMs };
}
