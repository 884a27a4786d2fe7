import { Run } from '@app/jobs';
import { OutputChunk } from '../port/history-store.js';

/** 2026-03-01T10:00:00Z, the start of an hour: the samples' point zero. */
export const T0 = Date.UTC(2026, 2, 1, 10);

/** A plausible succeeded run, changed as wanted. Its times follow from `scheduledTime`. */
export function sampleRun(changes: Partial<Run> & Pick<Run, 'id'>): Run {
  const scheduledTime = changes.scheduledTime ?? T0;
  return {
    jobName: 'backup',
    trigger: 'schedule',
    status: 'succeeded',
    scheduledTime,
    count: 1,
    claimedAt: scheduledTime + 3,
    startTime: scheduledTime + 12,
    endTime: scheduledTime + 1_012,
    exitCode: 0,
    output: 'done\n',
    outputBytes: 5,
    outputTruncated: false,
    worker: 'w1',
    workerIp: '10.0.0.1',
    attempt: 1,
    rootRunId: changes.id,
    command: 'backup.sh',
    jobRevision: 7,
    ...changes,
  };
}

/** The same run before it ended. */
export function stillRunning(run: Run): Run {
  return { ...run, status: 'running', endTime: undefined, exitCode: undefined, output: undefined };
}

/** A stretch of fires that did not happen. */
export function sampleStretch(id: string, from: number, until: number, count: number, changes: Partial<Run> = {}): Run {
  return {
    id,
    jobName: 'backup',
    trigger: 'schedule',
    status: 'missed',
    reason: 'superseded',
    scheduledTime: from,
    untilTime: until,
    count,
    attempt: 1,
    rootRunId: id,
    ...changes,
  };
}

/** A chunk of stdout, changed as wanted. */
export function sampleChunk(runId: string, seq: number, text: string, changes: Partial<OutputChunk> = {}): OutputChunk {
  const data = Buffer.from(text);
  return {
    runId,
    jobName: 'backup',
    seq,
    stream: 'stdout',
    at: T0 + seq,
    offset: seq * 10,
    cutBefore: 0,
    data,
    ...changes,
  };
}
