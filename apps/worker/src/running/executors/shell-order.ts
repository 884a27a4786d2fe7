import type { Job, StartOrder } from '@app/jobs';
import type { RunContext } from './executor.js';
import { runVariables } from './run-variables.js';

/** Variables that tell who the worker is; a run under another user does not get them. */
const OF_THE_WORKERS_USER = ['HOME', 'USER', 'LOGNAME', 'SHELL'];

/**
 * The process that carries out a shell job: its shell with the command appended, in an environment that holds exactly, a
 * later one winning: what is inherited, the job's `env`, its secrets, and the variables of the run. Under a user of its
 * own a run gets that user's USER and LOGNAME, and HOME when it is started, instead of the worker's.
 *
 * @param inherited what every run gets of the worker's environment
 */
export function buildShellOrder(
  job: Job,
  context: RunContext,
  inherited: Readonly<Record<string, string>>,
): StartOrder {
  if (job.command === undefined) throw new Error('the job has no command');
  const { runId, session, holdsLock, notAfterBootMs } = context;
  return {
    runId,
    jobName: job.name,
    session,
    holdsLock,
    ownershipGraceMs: job.lostAfterSeconds * 1_000,
    notAfterBootMs,
    argv: [...job.shell, job.command],
    env: {
      ...(job.user === undefined ? inherited : asUser(job.user, inherited)),
      ...job.env,
      ...context.secrets,
      ...runVariables(job, context),
    },
    workingDirectory: job.workingDirectory,
    user: job.user,
    timeoutMs: job.timeoutSeconds === undefined ? undefined : job.timeoutSeconds * 1_000,
    killGraceMs: job.killGraceSeconds * 1_000,
    outputLimitBytes: job.outputLimitBytes,
  };
}

function asUser(user: string, inherited: Readonly<Record<string, string>>): Record<string, string> {
  const rest = Object.entries(inherited).filter(([name]) => !OF_THE_WORKERS_USER.includes(name));
  return { ...Object.fromEntries(rest), USER: user, LOGNAME: user };
}
