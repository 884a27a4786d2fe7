import { Job, JobState, StoredJob, scheduleOf } from '@app/jobs';

/** The next fire strictly after `now`; undefined where none comes by itself: paused without end, over, by hand only. */
export function nextFireOf(job: Job, now: number): number | undefined {
  if (job.paused && job.pausedUntil === undefined) {
    return undefined;
  }
  // A pause with an end needs nobody to end it: the fire at that very instant counts.
  const after = job.paused ? Math.max(now, (job.pausedUntil ?? 0) - 1) : now;
  return scheduleOf(job)?.next(after);
}

/** Whether a job fires, and if not, why in one word. */
export function stateOf(stored: StoredJob, now: number): JobState {
  if (!stored.parsed.ok) {
    return 'invalid';
  }
  const { job } = stored.parsed;
  if (job.paused && (job.pausedUntil === undefined || job.pausedUntil > now)) {
    return 'paused';
  }
  const isUsedUp = job.maxRuns !== undefined && (stored.runCount ?? 0) >= job.maxRuns;
  const isOver = job.cronExpr !== undefined && nextFireOf(job, now) === undefined;
  return isUsedUp || isOver ? 'ended' : 'enabled';
}
