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

/** Counts are at least right, and exact with the next reading: nobody knows whether the last one had this run already. */
function withRun(job: Job, run: RunChange): Job {
  const known = job.recentRuns?.find(({ id }) => id === run.id);
  const { queued = 0 } = job;
  if (isLive(run.status)) {
    if (known) return job;
    if (run.status === 'queued') return job.running > 0 ? job : { ...job, running: 1, queued: 1 };
    return { ...job, running: Math.max(1, job.running), queued: Math.max(0, queued - 1) };
  }
  if (known?.status === run.status) return job;
  const { id, status, scheduledTime } = run;
  const ended: RecentRun = { ...known, id, status, scheduledTime };
  const others = (job.recentRuns ?? []).filter((each) => each.id !== run.id);
  const recentRuns = [ended, ...others].slice(0, RECENT_RUNS);
  if (known || !wasUnderway(run)) return { ...job, recentRuns };
  const running = Math.max(0, job.running - 1);
  return { ...job, running, queued: Math.min(queued, running), recentRuns };
}

/** Skipped and missed fires never were on their way. */
function wasUnderway({ status }: RunChange): boolean {
  return status !== 'skipped' && status !== 'missed';
}
