import type { Job } from '../job/job.js';
import type { RequestEntry } from '../store/request-entry.js';
import type { RunEntry, RunResult } from '../store/run-entry.js';
import { attemptRunId } from './run-id.js';

/** Attempts after the first for a job that says `onLost: retry` and nothing of retries. */
const RETRIES_ON_LOST = 1;

/**
 * The request for the next attempt of a run, given the createRevision of its key; undefined where the job asks for none,
 * or a kill stands in the run.
 */
export function nextAttempt(
  entry: RunEntry,
  fenceRevision: number,
  result: RunResult,
  job: Job,
  now: number,
): RequestEntry | undefined {
  if (isKilled(entry) || !isRetried(entry, result, job)) return undefined;
  const attempt = entry.attempt + 1;
  return {
    runId: attemptRunId(entry.runId, attempt),
    jobName: entry.jobName,
    trigger: 'retry',
    scheduledTime: entry.scheduledTime,
    requestedAt: now,
    notBefore: now + delayMs(entry, job),
    attempt,
    rootRunId: entry.rootRunId,
    jobGeneration: entry.jobGeneration,
    after: { runId: entry.runId, fenceRevision },
    ...(entry.params ? { params: entry.params } : {}),
    ...(entry.requestedBy === undefined ? {} : { by: entry.requestedBy }),
  };
}

/** Whether a kill stands. That a worker ends its own runs as it stops is none. */
function isKilled({ kill, worker }: RunEntry): boolean {
  return kill !== undefined && !(kill.why === WORKER_SHUTDOWN && kill.by === worker);
}

function isRetried(entry: RunEntry, result: RunResult, job: Job): boolean {
  const limit = job.retry?.limit ?? 0;
  if (result.status === 'lost' || result.reason === WORKER_SHUTDOWN) {
    return job.onLost === 'retry' && entry.attempt <= Math.max(limit, RETRIES_ON_LOST);
  }
  if (result.status !== 'failed' && result.status !== 'timedOut') return false;
  const codes = job.retry?.onExitCodes;
  const isListed = codes === undefined || (result.exitCode !== undefined && codes.includes(result.exitCode));
  return isListed && entry.attempt <= limit;
}

/** A run that was ended because its worker shuts down counts as lost. */
export const WORKER_SHUTDOWN = 'workerShutdown';

function delayMs(entry: RunEntry, job: Job): number {
  const { retry } = job;
  if (!retry) return 0;
  const seconds = retry.delaySeconds * retry.factor ** (entry.attempt - 1);
  return Math.min(seconds, retry.maxDelaySeconds) * 1000;
}
