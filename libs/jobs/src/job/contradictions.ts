import { FieldError, InvalidInput } from '@app/platform';
import { compileSchedule } from '../schedule/compile.js';
import { quote } from '../schedule/refuse.js';
import { Schedule } from '../schedule/schedule.js';
import { TimeZone } from '../schedule/time-zone.js';
import { Job } from './job.js';
import { WrittenJob } from './schema/job-document.js';

/** What is wrong between fields that are each right alone, and with the schedule. */
export function contradictions(job: Job, written: WrittenJob): FieldError[] {
  return [...timingErrors(job), ...executionErrors(job), ...policyErrors(job, written)];
}

function timingErrors(job: Job): FieldError[] {
  const errors: FieldError[] = [];
  if (job.startAt !== undefined && job.endAt !== undefined && job.endAt <= job.startAt) {
    errors.push({ path: 'endAt', message: 'must be later than startAt' });
  }
  const schedule = job.cronExpr === undefined ? zoneErrors(job, errors) : compiled(job, job.cronExpr, errors);
  if (!schedule || job.jitterSeconds === 0) return errors;
  const shortestSeconds = schedule.shortestIntervalMs / 1000;
  if (job.jitterSeconds >= shortestSeconds) {
    const message = `must be below the shortest time between two fires, ${shortestSeconds} seconds`;
    errors.push({ path: 'jitterSeconds', message });
  }
  return errors;
}

function compiled(job: Job, cronExpr: string, errors: FieldError[]): Schedule | undefined {
  try {
    return compileSchedule({ cronExpr, timezone: job.timezone }, job.name);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    errors.push(...error.errors);
    return undefined;
  }
}

function zoneErrors(job: Job, errors: FieldError[]): undefined {
  if (TimeZone.of(job.timezone)) return;
  errors.push({ path: 'timezone', message: `there is no time zone ${quote(job.timezone)}` });
}

function executionErrors(job: Job): FieldError[] {
  if (job.executor !== 'shell' || job.command?.trim()) return [];
  return [{ path: 'command', message: 'is required: the shell executor has nothing else to run' }];
}

function policyErrors(job: Job, written: WrittenJob): FieldError[] {
  const errors: FieldError[] = [];
  const { retry } = job;
  if (job.concurrencyPolicy === 'forbid' && (written.maxConcurrent ?? 1) !== 1) {
    errors.push({ path: 'maxConcurrent', message: 'must be left out: concurrencyPolicy "forbid" allows one run' });
  }
  if (retry && retry.maxDelaySeconds < retry.delaySeconds) {
    errors.push({ path: 'retry.maxDelaySeconds', message: 'must not be below retry.delaySeconds' });
  }
  const never = retry?.onExitCodes?.filter((code) => job.successExitCodes.includes(code)) ?? [];
  if (never.length > 0) {
    errors.push({
      path: 'retry.onExitCodes',
      message: `${never.join(', ')} counts as success, so it is never retried`,
    });
  }
  return errors;
}
