import type { Job } from '../job/job.js';

/** What planning asks of a job again and again, apart from when it fires. */
export interface JobTerms
  extends Pick<Job, 'group' | 'routing' | 'jitterSeconds' | 'maxRuns' | 'startingDeadlineSeconds'> {
  /** Whether it has an expression at all. */
  readonly isScheduled: boolean;
}

/** The terms of a job. Those of most jobs are the same, and then one object: a worker knows a million jobs. */
export function termsOf(job: Job): JobTerms {
  const { group, routing, jitterSeconds, maxRuns, startingDeadlineSeconds } = job;
  const isScheduled = job.cronExpr !== undefined;
  const isAnywhere = routing.worker === undefined && Object.keys(routing.selector).length === 0;
  const where = isAnywhere ? routing.mode : JSON.stringify(routing);
  const key = `${group} ${jitterSeconds} ${maxRuns} ${startingDeadlineSeconds} ${isScheduled} ${where}`;
  const known = shared.get(key);
  if (known) return known;
  const terms = { group, routing, jitterSeconds, maxRuns, startingDeadlineSeconds, isScheduled };
  if (shared.size >= MAX_SHARED) shared.delete(shared.keys().next().value!);
  shared.set(key, terms);
  return terms;
}

/** Bounded, oldest out first; definitions keep their own reference, so that forgetting only costs sharing. */
const shared = new Map<string, JobTerms>();
const MAX_SHARED = 10_000;
