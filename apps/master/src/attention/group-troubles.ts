import { Run, RunStatus } from '@app/jobs';

/** Outcomes somebody should look at. */
export const TROUBLES = ['failed', 'timedOut', 'lost', 'missed'] as const satisfies readonly RunStatus[];

export type Trouble = (typeof TROUBLES)[number];

/** What went wrong with one job in one way. Instants are epoch milliseconds. */
export interface TroubleGroup {
  readonly jobName: string;
  readonly status: Trouble;
  /** Runs and fires: a stretch counts all of its own. */
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly latestRun: Run;
  /** The job has succeeded since. */
  readonly isRecovered: boolean;
}

/**
 * Records of trouble by job and outcome: what still stands first, newest first, then what the job has recovered from.
 * `newest` is the newest run of a job that ran or should have; undefined where nobody knows.
 */
export function groupTroubles(
  records: readonly Run[],
  newest: (jobName: string) => Run | undefined,
): readonly TroubleGroup[] {
  const groups = new Map<string, Run[]>();
  for (const run of records) {
    const key = `${run.status} ${run.jobName}`;
    const group = groups.get(key);
    if (group) {
      group.push(run);
    } else {
      groups.set(key, [run]);
    }
  }
  return [...groups.values()]
    .map((group) => groupOf(group, newest))
    .sort((left, right) => Number(left.isRecovered) - Number(right.isRecovered) || right.lastAt - left.lastAt);
}

/** The newest of a job's ended runs, those apart that were never meant to run: skipped and cancelled ones say nothing. */
export function newestOf(runs: readonly Run[]): Run | undefined {
  const telling = runs.filter(({ status }) => status !== 'skipped' && status !== 'cancelled');
  return telling.length === 0 ? undefined : telling.reduce(later);
}

function groupOf(runs: readonly Run[], newest: (jobName: string) => Run | undefined): TroubleGroup {
  const latestRun = runs.reduce(later);
  const { jobName } = latestRun;
  const last = newest(jobName);
  return {
    jobName,
    status: latestRun.status as Trouble,
    count: runs.reduce((sum, run) => sum + Math.max(1, run.count), 0),
    firstAt: Math.min(...runs.map((run) => run.scheduledTime)),
    lastAt: lastTimeOf(latestRun),
    latestRun,
    isRecovered: last?.status === 'succeeded' && later(latestRun, last) === last,
  };
}

/** The later of two runs of a job: by scheduled time, then by attempt. */
function later(left: Run, right: Run): Run {
  const byTime = lastTimeOf(right) - lastTimeOf(left) || right.attempt - left.attempt;
  return byTime > 0 ? right : left;
}

function lastTimeOf(run: Run): number {
  return run.untilTime ?? run.scheduledTime;
}
