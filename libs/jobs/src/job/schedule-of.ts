import { compileSchedule } from '../schedule/compile.js';
import { Schedule } from '../schedule/schedule.js';
import { stableHash } from '../schedule/stable-hash.js';
import { Job } from './job.js';

const schedules = new WeakMap<Job, Schedule>();

/** The rule a job fires by, within its window; undefined without `cronExpr`. Asking again for the same job is cheap. */
export function scheduleOf(job: Job): Schedule | undefined {
  if (job.cronExpr === undefined) return undefined;
  const known = schedules.get(job);
  if (known) return known;
  const { cronExpr, timezone, startAt, endAt } = job;
  const schedule = compileSchedule({ cronExpr, timezone, startAt, endAt }, job.name);
  schedules.set(job, schedule);
  return schedule;
}

/** When the fire of a scheduled time is to start, its jitter counted. */
export function dueAt(job: Pick<Job, 'name' | 'jitterSeconds'>, scheduledTime: number): number {
  return scheduledTime + jitterMs(job, scheduledTime);
}

/** Whether a job that had so many runs by schedule may have another. */
export function hasRunsLeft({ maxRuns = Number.POSITIVE_INFINITY }: Pick<Job, 'maxRuns'>, runs: number): boolean {
  return runs < maxRuns;
}

/**
 * How much later than `scheduledTime` a fire is due, in milliseconds: 0 to `jitterSeconds` inclusive, the same in every
 * process. A parsed job's jitter is below its shortest interval, so that fires stay in order.
 */
export function jitterMs(job: Pick<Job, 'name' | 'jitterSeconds'>, scheduledTime: number): number {
  if (job.jitterSeconds === 0) return 0;
  return stableHash(`jitter\0${job.name}\0${scheduledTime}`) % (job.jitterSeconds * 1000 + 1);
}
