import { hasRunsLeft, Job, JobState, StoredJob, scheduleOf } from '@app/jobs';

/** The fire that was found last for a job, and from when on it is the next one. */
interface KnownFire {
  readonly from: number;
  readonly at: number;
}

const knownFires = new WeakMap<Job, KnownFire>();

/**
 * The next fire strictly after `now`; undefined where none comes by itself: paused without end, over, by hand only.
 * Remembered until it has passed, so that asking about all of a hundred thousand jobs again is cheap.
 */
export function nextFireOf(job: Job, now: number): number | undefined {
  if (job.paused && job.pausedUntil === undefined) {
    return undefined;
  }
  // A pause with an end needs nobody to end it: the fire at that very instant counts.
  const after = job.paused ? Math.max(now, (job.pausedUntil ?? 0) - 1) : now;
  const known = knownFires.get(job);
  const isStillNext = known !== undefined && known.from <= after && after < known.at;
  const at = isStillNext ? known.at : (scheduleOf(job)?.next(after) ?? Infinity);
  if (!isStillNext) {
    knownFires.set(job, { from: after, at });
  }
  return at === Infinity ? undefined : at;
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
  const isOver = job.cronExpr !== undefined && nextFireOf(job, now) === undefined;
  return isUsedUp(stored) || isOver ? 'ended' : 'enabled';
}

/** Whether a job has had all the runs it is allowed, as far as the store was asked for their number. */
export function isUsedUp({ parsed, runCount = 0 }: StoredJob): boolean {
  return parsed.ok && !hasRunsLeft(parsed.job, runCount);
}
