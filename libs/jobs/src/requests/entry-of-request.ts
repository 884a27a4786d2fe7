import type { RequestEntry } from '../store/request-entry.js';
import type { RunEntry, RunResult, SessionRef } from '../store/run-entry.js';

/** Who takes a request, or ends it, and when. */
export interface Taking {
  readonly session: SessionRef;
  readonly now: number;
  /** modRevision of the job; 0: it is gone. */
  readonly jobRevision: number;
  readonly lockSlot?: number | undefined;
  readonly lostAfterSeconds?: number;
  /** It ends without a run. */
  readonly result?: RunResult;
}

/** The end of a request that somebody cancelled, by its own button or with all that a kill meant. */
export function cancelledBy(who: string, how: 'by hand' | 'killed'): RunResult {
  return { status: 'cancelled', reason: `${how}, ${who}`, killedBy: who };
}

/** The entry of the run a request becomes: claimed, or finished where a result is given. */
export function entryOfRequest(request: RequestEntry, taking: Taking): RunEntry {
  const { session, now, jobRevision, lockSlot, lostAfterSeconds, result } = taking;
  return {
    ...session,
    runId: request.runId,
    jobName: request.jobName,
    state: result ? 'finished' : 'claimed',
    trigger: request.trigger,
    scheduledTime: request.scheduledTime,
    claimedAt: now,
    attempt: request.attempt,
    rootRunId: request.rootRunId,
    jobRevision,
    jobGeneration: request.jobGeneration,
    cursorResets: 0,
    gap: [],
    ...(lockSlot === undefined ? {} : { lockSlot }),
    ...(lostAfterSeconds === undefined ? {} : { lostAfterSeconds }),
    ...(request.params ? { params: request.params } : {}),
    ...(request.by === undefined ? {} : { requestedBy: request.by }),
    ...(result ? { result: { ...result, endTime: now } } : {}),
  };
}
