import type { Run } from '@fleetcron/sdk';

/** A sentence as a key under `run.head` with what stands in it; the time is in milliseconds. */
export interface Heading {
  readonly key: string;
  readonly ms?: number;
  readonly code?: number;
  readonly signal?: string;
  readonly count: number;
}

type Facts = Pick<
  Run,
  'status' | 'count' | 'startTime' | 'endTime' | 'durationMs' | 'exitCode' | 'signal' | 'killedBy'
>;

/** How a run stands or ended, said as a heading. `now` in epoch milliseconds. */
export function headingOf(run: Facts, now: number): Heading {
  const ms = elapsedMs(run, now);
  const { count } = run;
  const timed = (key: string): Heading => ({ key, ms: ms ?? 0, count });
  switch (run.status) {
    case 'running':
      return timed(run.killedBy === undefined ? 'running' : 'beingKilled');
    case 'failed':
      if (ms === undefined) return { key: 'failedStart', count };
      if (run.signal) return { ...timed('failedSignal'), signal: run.signal };
      return run.exitCode === undefined ? timed('failed') : { ...timed('failedExit'), code: run.exitCode };
    case 'killed':
      return ms === undefined ? { key: 'killedQueued', count } : timed('killed');
    case 'lost':
      return ms === undefined ? { key: 'lostStart', count } : timed('lost');
    case 'succeeded':
    case 'timedOut':
      return timed(run.status);
    case 'queued':
    case 'skipped':
    case 'missed':
    case 'cancelled':
      return { key: run.status, count };
    default:
      return run.status satisfies never;
  }
}

/** How long it ran, or has run until now; undefined where it never started. */
export function elapsedMs(
  run: Pick<Run, 'status' | 'startTime' | 'endTime' | 'durationMs'>,
  now: number,
): number | undefined {
  if (run.durationMs !== undefined) return run.durationMs;
  if (run.startTime === undefined) return undefined;
  const end = run.endTime ? Date.parse(run.endTime) : run.status === 'running' ? now : undefined;
  return end === undefined ? undefined : Math.max(0, end - Date.parse(run.startTime));
}
