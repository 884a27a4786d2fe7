import { cameToItsEnd, durationMs, isTerminal, latenessMs, Run, RunStatus } from '@app/jobs';
import { HourlyRollup } from '../port/history-store.js';
import { countIn, StepCount } from './distribution.js';
import { firesWithin, JobHour } from './hours.js';

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
  const tally = new RollupTally({ jobName, hour });
  for (const run of runs) tally.add(run);
  return tally.rollup;
}

/** The same for records that come one after the other. */
export class RollupTally {
  /** Records it was given. */
  records = 0;
  private readonly counts: Partial<Record<RunStatus, number>> = {};
  private readonly durations: Record<string, StepCount> = {};
  private readonly lateness: Record<string, StepCount> = {};
  private durationSumMs = 0;
  private durationMaxMs = 0;
  private latenessMaxMs = 0;

  constructor(readonly of: JobHour) {}

  add(run: Countable): void {
    this.records += 1;
    const fires = firesWithin(run, this.of.hour);
    if (!isTerminal(run.status) || fires === 0) return;
    this.counts[run.status] = (this.counts[run.status] ?? 0) + fires;
    const late = latenessMs(run);
    if (late !== undefined) {
      countIn(this.lateness, late);
      this.latenessMaxMs = Math.max(this.latenessMaxMs, late);
    }
    const duration = cameToItsEnd(run) ? durationMs(run) : undefined;
    if (duration !== undefined) {
      countIn(this.durations, duration);
      this.durationSumMs += Math.max(0, duration);
      this.durationMaxMs = Math.max(this.durationMaxMs, duration);
    }
  }

  get rollup(): HourlyRollup {
    const { counts, durations, durationSumMs, durationMaxMs, lateness, latenessMaxMs } = this;
    return { ...this.of, counts, durations, durationSumMs, durationMaxMs, lateness, latenessMaxMs };
  }
}
