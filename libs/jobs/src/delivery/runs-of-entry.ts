import { fireRunId } from '../policy/run-id.js';
import type { Run } from '../run/run.js';
import type { RunEntry, RunResult, Stretch } from '../store/run-entry.js';

/** What is known of a run beside its entry. */
export interface RunFacts {
  readonly workerIp?: string;
  readonly command?: string;
  readonly fence?: string;
}

/** The records an entry stands for: its own run, and one for each stretch of its gap. */
export function runsOfEntry(entry: RunEntry, facts: RunFacts = {}): readonly Run[] {
  const { result, gap } = entry;
  const last = gap.at(-1);
  const isOneStretch =
    last !== undefined && result !== undefined && result.status === last.status && result.reason === last.reason;
  if (!isOneStretch) return [...gap.map((stretch) => runOfStretch(entry, stretch)), runOfEntry(entry, facts)];
  const { scheduledTime } = entry;
  const whole: Run = {
    ...runOfEntry(entry, facts),
    scheduledTime: last.from,
    untilTime: scheduledTime,
    // A stretch of an unknown number of fires stays one.
    count: last.count === 0 ? 0 : last.count + 1,
  };
  return [...gap.slice(0, -1).map((stretch) => runOfStretch(entry, stretch)), whole];
}

/** The record of the entry's own run; `result` overrides what stands in the entry (with its output). */
export function runOfEntry(entry: RunEntry, facts: RunFacts = {}, result: RunResult | undefined = entry.result): Run {
  const ran = result?.startTime !== undefined || result === undefined;
  return {
    id: entry.runId,
    jobName: entry.jobName,
    trigger: entry.trigger,
    status: 'running',
    scheduledTime: entry.scheduledTime,
    count: 1,
    claimedAt: entry.claimedAt,
    attempt: entry.attempt,
    rootRunId: entry.rootRunId,
    jobRevision: entry.jobRevision,
    worker: entry.worker,
    ...(facts.workerIp === undefined ? {} : { workerIp: facts.workerIp }),
    ...(facts.command === undefined || !ran ? {} : { command: facts.command }),
    ...(facts.fence === undefined || !ran ? {} : { fence: facts.fence }),
    ...(hasParams(entry) ? { params: entry.params } : {}),
    ...(entry.requestedBy === undefined ? {} : { requestedBy: entry.requestedBy }),
    ...(entry.startTime === undefined ? {} : { startTime: entry.startTime }),
    ...(entry.kill === undefined ? {} : { killedBy: entry.kill.by }),
    ...result,
  };
}

function hasParams({ params }: RunEntry): boolean {
  return params !== undefined && Object.keys(params).length > 0;
}

function runOfStretch(entry: RunEntry, stretch: Stretch): Run {
  const id = fireRunId({
    jobName: entry.jobName,
    generation: entry.jobGeneration,
    scheduledTime: stretch.to,
    resets: entry.cursorResets,
  });
  return {
    id,
    jobName: entry.jobName,
    trigger: 'schedule',
    status: stretch.status,
    reason: stretch.reason,
    scheduledTime: stretch.from,
    ...(stretch.count > 1 ? { untilTime: stretch.to } : {}),
    count: stretch.count,
    claimedAt: entry.claimedAt,
    worker: entry.worker,
    attempt: 1,
    rootRunId: id,
    jobRevision: entry.jobRevision,
  };
}
