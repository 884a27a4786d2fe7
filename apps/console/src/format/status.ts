import type { Fire, Run } from '@fleetcron/sdk';

/** Status of a run. */
export type RunStatus = Run['status'];
/** Status of a scheduled time: that of its run, or planned, due, paused, unrecorded. */
export type FireStatus = Fire['status'];

/** All of a run, worst first: the order of legends and of what stands out. */
export const RUN_STATUSES: readonly RunStatus[] = [
  'failed',
  'timedOut',
  'lost',
  'missed',
  'killed',
  'running',
  'queued',
  'succeeded',
  'skipped',
  'cancelled',
];

/** The CSS variable a status is painted in. */
export function statusColor(status: FireStatus): string {
  switch (status) {
    case 'timedOut':
      return 'var(--failed)';
    case 'cancelled':
    case 'paused':
    case 'unrecorded':
      return 'var(--skipped)';
    case 'planned':
      return 'var(--accent)';
    case 'due':
      return 'var(--missed)';
    default:
      return `var(--${status})`;
  }
}

/** Whether somebody should look: it did not do what it was planned to. */
export function isBad(status: FireStatus): boolean {
  return status === 'failed' || status === 'timedOut' || status === 'lost' || status === 'missed';
}

/** How fires end that never ran. */
export const NEVER_RAN: readonly RunStatus[] = ['missed', 'skipped', 'cancelled'];

/** Of what has ended, by outcome: how many ran, and how many fires never did. */
export function ranAndNot(counts: Readonly<Record<string, number>>): { ran: number; neverRan: number } {
  const never: readonly string[] = NEVER_RAN;
  const sums = { ran: 0, neverRan: 0 };
  for (const [status, count] of Object.entries(counts)) sums[never.includes(status) ? 'neverRan' : 'ran'] += count;
  return sums;
}

/** Whether the run is still on its way. */
export function isLive(status: FireStatus): boolean {
  return status === 'running' || status === 'queued';
}
