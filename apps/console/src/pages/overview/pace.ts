import type { Run } from '@fleetcron/sdk';

/** How far a run is on its way, against what is usual for its job. Milliseconds. */
export interface Pace {
  readonly elapsedMs: number;
  /** 0 to 1 of the usual time; undefined where nobody knows what is usual. */
  readonly share?: number;
  readonly isOver: boolean;
}

/** Over its time is who takes half again as long as usual, and by seconds, not by moments. */
const OVER = 1.5;
const OVER_BY_MS = 5_000;

/** `usualMs`: half of the runs took less. */
export function paceOf(
  run: Pick<Run, 'startTime' | 'claimedAt' | 'scheduledTime'>,
  usualMs: number | undefined,
  now: number,
): Pace {
  const elapsedMs = Math.max(0, now - Date.parse(run.startTime ?? run.claimedAt ?? run.scheduledTime));
  if (usualMs === undefined) {
    return { elapsedMs, isOver: false };
  }
  const isOver = elapsedMs > usualMs * OVER && elapsedMs - usualMs > OVER_BY_MS;
  return { elapsedMs, share: Math.min(1, elapsedMs / Math.max(1, usualMs)), isOver };
}
