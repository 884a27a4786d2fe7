import { createHash } from 'node:crypto';
import { Run } from '@app/jobs';

/** When the first of them was due, and how far apart they are. */
export const FIRST_AT = Date.UTC(2026, 0, 1);
export const APART_MS = 250;

/** The run of a number among those of so many jobs: one in 200 fails; 20 workers; half a KiB of output. */
export function recordOf(n: number, jobs: number): Run {
  const hasFailed = n % 200 === 7;
  const scheduledTime = FIRST_AT + n * APART_MS;
  const id = idOf(n);
  return {
    id,
    jobName: `job-${n % jobs}`,
    trigger: 'schedule',
    status: hasFailed ? 'failed' : 'succeeded',
    scheduledTime,
    count: 1,
    startTime: scheduledTime + (n % 90),
    endTime: scheduledTime + (n % 90) + (n % 3_000),
    exitCode: hasFailed ? 1 : 0,
    output: `line of output ${n}\n`.repeat(25),
    outputBytes: 500,
    worker: `worker-${n % 20}`,
    attempt: 1,
    rootRunId: id,
    command: 'run-the-backup --of the-day',
    jobRevision: 42,
  };
}

/** The id of that run. */
export function idOf(n: number): string {
  return createHash('sha256').update(String(n)).digest('base64url').slice(0, 22);
}
