import { Job } from '@app/jobs';
import { LedgerFire } from '../ledger/ledger.js';

/** A fire to come, or one nobody decides or decided, that stands still because the job does. */
export function isHeldBack(
  { status, scheduledTime }: LedgerFire,
  job: Job,
  scheduledSince: number | undefined,
): boolean {
  // A pause that has ended by itself leaves no record of what it held back.
  const isOpen = status === 'planned' || status === 'due' || (status === 'unrecorded' && scheduledSince !== undefined);
  return isOpen && job.paused && (job.pausedUntil === undefined || scheduledTime < job.pausedUntil);
}
