import { uptime } from 'node:os';
import type { StartOrder } from '@app/jobs';

let count = 0;

/** An order to run a shell script, valid for ten seconds, with a run id of its own. */
export function scriptOrder(script: string, changes: Partial<StartOrder> = {}): StartOrder {
  const runId = changes.runId ?? `run-${process.pid}-${++count}`;
  return {
    runId,
    jobName: 'nasty',
    session: 'session-1',
    holdsLock: true,
    ownershipGraceMs: 0,
    notAfterBootMs: uptime() * 1000 + 10_000,
    argv: ['/bin/sh', '-c', script],
    env: { PATH: process.env.PATH ?? '', FLEETCRON_RUN_ID: runId },
    killGraceMs: 300,
    outputLimitBytes: 64 * 1024,
    ...changes,
  };
}
