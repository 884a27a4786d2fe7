import type { Job } from '@fleetcron/sdk';

/**
 * Fresh rows, but the very objects of before where nothing changed, their recent runs apart: what stays the same object is
 * not drawn again, and a list that is read every two seconds mostly says what it said.
 */
export function sharedWith(before: readonly Job[] | undefined, fresh: readonly Job[]): readonly Job[] {
  const known = new Map(before?.map((job) => [job.name, job]));
  return fresh.map((job) => {
    const old = known.get(job.name);
    if (!old) return job;
    if (isSame(old, job)) return old;
    return old.recentRuns && isSame(old.recentRuns, job.recentRuns) ? { ...job, recentRuns: old.recentRuns } : job;
  });
}

/** Both come from the same server, which writes fields in one order. */
function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
