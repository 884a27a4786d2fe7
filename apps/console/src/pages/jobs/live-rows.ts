import type { Job, RecentRun } from '@fleetcron/sdk';
import { isLive } from '@/format/status';
import type { Change, RunChange } from '@/live/changes';

/** Bars of a row. */
export const RECENT_RUNS = 20;

/**
 * The rows with what the feed just told: a run that starts shows at once, one that ends gives the last outcome. What an
 * event does not say (durations, the next fire) comes with the next reading. Rows nothing happened to stay the same
 * objects; the list itself does when no row changed.
 */
export function withChanges(jobs: readonly Job[], changes: readonly Change[]): readonly Job[] {
  const byJob = new Map<string, RunChange[]>();
  for (const change of changes) {
    if (change.kind === 'run') byJob.set(change.jobName, [...(byJob.get(change.jobName) ?? []), change]);
  }
  if (!jobs.some(({ name }) => byJob.has(name))) return jobs;
  return jobs.map((job) => (byJob.get(job.name) ?? []).reduce(withRun, job));
}

function withRun(job: Job, run: RunChange): Job {
  const known = job.recentRuns?.find(({ id }) => id === run.id);
  if (isLive(run.status)) {
    // The reading that came meanwhile may have counted it already: at least one is right, and exact with the next.
    return known ? job : { ...job, running: Math.max(1, job.running) };
  }
  if (known?.status === run.status) return job;
  const { id, status, scheduledTime } = run;
  const ended: RecentRun = { ...known, id, status, scheduledTime };
  const others = (job.recentRuns ?? []).filter((each) => each.id !== run.id);
  return {
    ...job,
    running: hasStarted(run) && !known ? Math.max(0, job.running - 1) : job.running,
    recentRuns: [ended, ...others].slice(0, RECENT_RUNS),
  };
}

/** Skipped and missed fires never were on their way. */
function hasStarted({ status }: RunChange): boolean {
  return status !== 'skipped' && status !== 'missed';
}
