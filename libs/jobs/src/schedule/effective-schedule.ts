import type { Job } from '../job/job.js';
import { compileSchedule } from './compile.js';
import type { Schedule } from './schedule.js';

/**
 * The schedule as it fires: within the job's window, and not before a pause ends. undefined where nothing fires by
 * itself. A pause with an end needs nobody to end it.
 */
export function effectiveSchedule(job: Job): Schedule | undefined {
  if (job.cronExpr === undefined) return undefined;
  if (job.paused && job.pausedUntil === undefined) return undefined;
  const startAt = Math.max(job.startAt ?? 0, job.paused ? (job.pausedUntil ?? 0) : 0);
  return compileSchedule(
    {
      cronExpr: job.cronExpr,
      timezone: job.timezone,
      ...(startAt > 0 ? { startAt } : {}),
      ...(job.endAt === undefined ? {} : { endAt: job.endAt }),
    },
    job.name,
  );
}
