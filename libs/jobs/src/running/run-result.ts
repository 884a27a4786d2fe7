import type { Job } from '../job/job.js';
import type { KillMark, RunResult } from '../store/run-entry.js';
import type { RunEnd, StartRefusal } from './run-host.js';

/** What the end of a process means for its run. A kill speaks only where it did end the process. */
export function resultOfEnd(end: RunEnd, job: Pick<Job, 'successExitCodes'>, kill: KillMark | undefined): RunResult {
  const facts = {
    startTime: end.startTime,
    endTime: end.endTime,
    ...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
    ...(end.signal === undefined ? {} : { signal: end.signal }),
    output: end.outputTail,
    err: end.errTail,
    outputBytes: end.outputBytes,
    outputTruncated: end.outputTruncated,
  };
  switch (end.killedFor) {
    case 'timeout':
      return { ...facts, status: 'timedOut', reason: 'timeout' };
    case 'asked':
      return { ...facts, status: 'killed', reason: kill?.why ?? 'asked', ...(kill ? { killedBy: kill.by } : {}) };
    case 'ownership':
      return { ...facts, status: 'lost', reason: 'ownershipEnded' };
    case 'hostDied':
      return { ...facts, status: 'lost', reason: 'supervisorDied' };
    case undefined:
      break;
    default:
      return end.killedFor satisfies never;
  }
  if (end.exitCode !== undefined && job.successExitCodes.includes(end.exitCode)) {
    return { ...facts, status: 'succeeded' };
  }
  const reason = end.exitCode === undefined ? `signal: ${end.signal ?? 'unknown'}` : `exit: ${end.exitCode}`;
  return { ...facts, status: 'failed', reason };
}

/** What it means that a run was not started. No process of it was ever there. */
export function resultOfRefusal(refusal: StartRefusal, now: number, kill: KillMark | undefined): RunResult {
  if (refusal.why === 'killed') return resultOfKill(kill, now);
  if (refusal.why === 'spawn') return { status: 'failed', reason: `spawn: ${refusal.detail}`, endTime: now };
  return { status: 'missed', reason: `notStarted: ${refusal.detail || refusal.why}`, endTime: now };
}

/** What it means that a run was killed before there was a process of it. */
export function resultOfKill(kill: KillMark | undefined, now: number): RunResult {
  return { status: 'killed', reason: kill?.why ?? 'asked', endTime: now, ...(kill ? { killedBy: kill.by } : {}) };
}
