import type { Job, Run } from '@fleetcron/sdk';

/** Attempts a run may have in all, where its job asks for retries; undefined where it does not, or the job is gone. */
export function attemptsOf(job: Pick<Job, 'retry'> | undefined): number | undefined {
  const limit = job?.retry?.limit ?? 0;
  return limit > 0 ? limit + 1 : undefined;
}

/**
 * When a queued attempt may start, epoch milliseconds: the end of the one before and the delay the job asks for, which
 * grows by its factor. undefined where that is not known.
 */
export function retryAt(
  queued: Pick<Run, 'attempt'>,
  before: Pick<Run, 'endTime'> | undefined,
  job: Pick<Job, 'retry'> | undefined,
): number | undefined {
  const retry = job?.retry;
  if (!retry || !before?.endTime) return undefined;
  const { delaySeconds = 10, factor = 2, maxDelaySeconds = 3600 } = retry;
  const delay = Math.min(maxDelaySeconds, delaySeconds * factor ** Math.max(0, queued.attempt - 2));
  return Date.parse(before.endTime) + delay * 1000;
}
