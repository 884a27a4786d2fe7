import { Job } from '@app/jobs';
import type { Explanation } from './explain.js';
import { LedgerFire } from './ledger.js';

/** The stable first words of a record's reason, in a sentence each. What stands after the colon is added as it is. */
const REASONS: Readonly<Record<string, string>> = {
  overlap: 'an earlier run was still going and the job does not overlap',
  paused: 'the job was paused',
  edited: 'the job was edited before the fire was decided',
  deleted: 'the job was deleted',
  superseded: 'several fires were found together and only the latest runs',
  deadline: 'it was found later than the starting deadline allows',
  misfire: 'it was found too late and the misfire policy skips it',
  noEligibleWorker: 'no worker could take it: none of its group, labels and version was there',
  holderGone: 'the worker that held the lock was gone and the starting deadline passed',
  notStarted: 'its worker went away before it started, and then it was too late',
  workerDied: 'its worker died',
  workerShutdown: 'its worker was shut down',
  exit: 'the command ended with exit code',
  timeout: 'it ran longer than its timeout',
};

/** The answer to "why did it not run?" in one sentence. Reasons nobody listed are quoted. */
export function sentenceOf(code: Explanation['code'], fire: LedgerFire | undefined, job: Job): string {
  const { record } = fire ?? {};
  const because = record?.reason === undefined ? '' : `: ${inWords(record.reason)}`;
  switch (code) {
    case 'succeeded':
      return 'It ran and succeeded.';
    case 'failed':
      return `It ran and failed${because}.`;
    case 'timedOut':
      return `It ran and was ended for taking too long${because}.`;
    case 'killed':
      return `It ran and was killed${record?.killedBy ? ` by ${record.killedBy}` : ''}${because}.`;
    case 'lost':
      return `It was started, then its worker vanished${because}. It may or may not have finished.`;
    case 'cancelled':
      return `It was cancelled before it started${because}.`;
    case 'skipped':
      return `It was skipped${because}.`;
    case 'missed':
      return `It was missed${because}.`;
    case 'running':
      return 'It is running.';
    case 'queued':
      return 'It waits to be started.';
    case 'planned':
      return 'It is yet to come.';
    case 'due':
      return 'Its time has come and no worker has decided it yet. Give it a minute; then look whether workers are up.';
    case 'unrecorded':
      return 'It was decided, but there is no record: it is on its way to history, older than what is kept, or from before the job had this schedule.';
    case 'paused':
      return `The job is paused${job.pausedReason ? `: ${job.pausedReason}` : ''}.`;
    case 'byHandOnly':
      return 'The job has no schedule: it runs by hand or by others only.';
    case 'beforeStart':
      return 'The job fires only later: the instant is before its startAt.';
    case 'afterEnd':
      return 'The job fires no more: the instant is at or after its endAt.';
    case 'notScheduled':
      return 'The schedule has no fire at this instant.';
    default:
      return code satisfies never;
  }
}

function inWords(reason: string): string {
  const mark = reason.indexOf(':');
  const word = mark < 0 ? reason : reason.slice(0, mark);
  const details = mark < 0 ? '' : reason.slice(mark + 1).trim();
  const known = REASONS[word];
  if (!known) {
    return reason;
  }
  return details === '' ? known : `${known}${word === 'exit' ? ' ' : ' - '}${details}`;
}
