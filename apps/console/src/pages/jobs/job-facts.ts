import type { Job, RecentRun } from '@fleetcron/sdk';
import type { RunStatus } from '@/format/status';
import { said } from '@/i18n/said';

/** How a job did last: what runs or waits now, else the newest that ended. */
export interface LastOutcome {
  readonly status: RunStatus;
  /** The run that ended; absent while others are on their way. */
  readonly run?: RecentRun;
  /** Runs in this status now; 0 of one that ended. */
  readonly count: number;
}

/** undefined: it never ran, or history is away. */
export function lastOutcome({
  running: underway,
  queued = 0,
  recentRuns,
}: Pick<Job, 'running' | 'queued' | 'recentRuns'>): LastOutcome | undefined {
  const [run] = recentRuns ?? [];
  if (underway > queued) return { status: 'running', count: underway - queued };
  if (queued > 0) return { status: 'queued', count: queued };
  return run && { status: run.status, run, count: 0 };
}

/** The 95th percentile (nearest rank) of how long the recent runs took, in ms; undefined where none has a duration. */
export function p95Of(runs: readonly Pick<RecentRun, 'durationMs'>[] | undefined): number | undefined {
  const durations = (runs ?? []).flatMap(({ durationMs }) => durationMs ?? []).sort((left, right) => left - right);
  return durations[Math.ceil(durations.length * 0.95) - 1];
}

/** What stands under "Next": an instant, or why there is none. */
export type NextFire =
  | { readonly kind: 'at'; readonly at: string }
  | { readonly kind: 'paused'; readonly reason?: string; readonly until?: string }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'byHand' | 'ended' };

export function nextFireOf(job: Job): NextFire {
  if (job.invalid || job.state === 'invalid')
    return { kind: 'invalid', reason: job.invalid ? said(job.invalid.text) : '' };
  if (job.state === 'paused') {
    return {
      kind: 'paused',
      ...(job.pausedReason && { reason: job.pausedReason }),
      ...(job.pausedUntil && { until: job.pausedUntil }),
    };
  }
  if (job.cronExpr === undefined) return { kind: 'byHand' };
  return job.nextFireAt && job.state !== 'ended' ? { kind: 'at', at: job.nextFireAt } : { kind: 'ended' };
}

const YES = new Set(['', 'true', 'yes']);

/** Labels as short as they can be understood: `critical` for `critical=yes`, `pay` for `team=pay`, but `tier=3`. */
export function labelsOf(job: Pick<Job, 'labels'>): { readonly text: string; readonly filter: string }[] {
  return Object.entries(job.labels ?? {}).map(([key, value]) => {
    const filter = value === '' ? key : `${key}=${value}`;
    const isWord = /\p{L}{2}/u.test(value);
    return { text: YES.has(value) ? key : isWord ? value : filter, filter };
  });
}

/** The schedule in words without the zone at its end, which stands beside it. */
export function withoutZone(words: string, zone: string | undefined): string {
  for (const end of [` (${zone})`, `（${zone}）`]) {
    if (zone && words.endsWith(end)) return words.slice(0, -end.length);
  }
  return words;
}
