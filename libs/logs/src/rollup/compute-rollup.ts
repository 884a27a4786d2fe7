import { cameToItsEnd, durationMs, isTerminal, latenessMs, Run, RunStatus } from '@app/jobs';
import { HourlyRollup } from '../port/history-store.js';
import { countIn, StepCount } from './distribution.js';
import { firesWithin } from './hours.js';

/** What of a run its roll-up is made from. */
export type Countable = Pick<
  Run,
  'status' | 'trigger' | 'scheduledTime' | 'untilTime' | 'count' | 'startTime' | 'endTime' | 'exitCode'
>;

/**
 * The roll-up of one hour of one job from all records that touch the hour. Runs that have not ended are left out, and
 * so is the duration of what did not come to its own end: how long it would have taken nobody knows.
 */
export function computeRollup(jobName: string, hour: number, runs: Iterable<Countable>): HourlyRollup {
  const counts: Partial<Record<RunStatus, number>> = {};
  const durations: Record<string, StepCount> = {};
  const lateness: Record<string, StepCount> = {};
  let durationSumMs = 0;
  let durationMaxMs = 0;
  let latenessMaxMs = 0;
  for (const run of runs) {
    const fires = firesWithin(run, hour);
    if (!isTerminal(run.status) || fires === 0) continue;
    counts[run.status] = (counts[run.status] ?? 0) + fires;
    const late = latenessMs(run);
    if (late !== undefined) {
      countIn(lateness, late);
      latenessMaxMs = Math.max(latenessMaxMs, late);
    }
    const duration = cameToItsEnd(run) ? durationMs(run) : undefined;
    if (duration !== undefined) {
      countIn(durations, duration);
      durationSumMs += Math.max(0, duration);
      durationMaxMs = Math.max(durationMaxMs, duration);
    }
  }
  return { jobName, hour, counts, durations, durationSumMs, durationMaxMs, lateness, latenessMaxMs };
}
