import { parseInstant } from './instant.js';
import { Job, Retry, Routing } from './job.js';
import { WrittenJob } from './schema/job-document.js';

/**
 * The job a checked document means, every default filled in. Defaults are shared objects and all jobs have one shape: a
 * worker holds a hundred thousand of them.
 */
export function buildJob(written: WrittenJob): Job {
  const concurrencyPolicy = written.concurrencyPolicy ?? 'forbid';
  return {
    name: written.name,
    description: written.description ?? '',
    labels: written.labels ?? NONE,
    group: written.group ?? 'default',
    paused: written.paused ?? false,
    pausedReason: written.pausedReason,
    pausedUntil: instant(written.pausedUntil),
    cronExpr: written.cronExpr,
    timezone: written.timezone ?? 'UTC',
    jitterSeconds: written.jitterSeconds ?? 0,
    startAt: instant(written.startAt),
    endAt: instant(written.endAt),
    maxRuns: written.maxRuns,
    calendars: EMPTY,
    executor: written.executor ?? 'shell',
    command: written.command,
    shell: written.shell ?? SHELL,
    workingDirectory: written.workingDirectory,
    user: written.user,
    env: written.env ?? NONE,
    secrets: EMPTY,
    params: written.params ?? NONE,
    successExitCodes: written.successExitCodes ?? SUCCESS,
    outputLimitBytes: written.outputLimitBytes ?? 1_048_576,
    routing: routing(written.routing),
    concurrencyPolicy,
    maxConcurrent: concurrencyPolicy === 'forbid' ? 1 : written.maxConcurrent,
    misfirePolicy: written.misfirePolicy ?? 'runOnce',
    startingDeadlineSeconds: written.startingDeadlineSeconds ?? 60,
    misfireWindowSeconds: written.misfireWindowSeconds ?? 86_400,
    timeoutSeconds: written.timeoutSeconds,
    killGraceSeconds: written.killGraceSeconds ?? 10,
    retry: retry(written.retry),
    onLost: written.onLost ?? 'record',
    lostAfterSeconds: written.lostAfterSeconds ?? 60,
    after: EMPTY,
  };
}

const NONE: Readonly<Record<string, string>> = Object.freeze({});
const EMPTY: readonly never[] = Object.freeze([]);
const SUCCESS: readonly number[] = Object.freeze([0]);
const SHELL: readonly string[] = Object.freeze(['/bin/sh', '-c']);
const ANYWHERE: Routing = Object.freeze({ mode: 'any', selector: NONE });

function instant(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseInstant(text);
}

function routing(written: WrittenJob['routing']): Routing {
  if (!written) return ANYWHERE;
  return { mode: written.mode ?? 'any', worker: written.worker, selector: written.selector ?? NONE };
}

function retry(written: WrittenJob['retry']): Retry | undefined {
  if (!written) return undefined;
  const delaySeconds = written.delaySeconds ?? 10;
  return {
    limit: written.limit,
    delaySeconds,
    factor: written.factor ?? 2,
    maxDelaySeconds: written.maxDelaySeconds ?? Math.max(3600, delaySeconds),
    onExitCodes: written.onExitCodes,
  };
}
