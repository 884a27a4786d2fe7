import { Job, Schedule } from '@app/jobs';
import { explanationWords } from '../words/explanation-words.js';
import { Words } from '../words/words.js';
import { FireStatus, joinFires, LedgerFire, LedgerInput } from './ledger.js';
import { isWithin, Pause } from './pauses.js';

/** Why a job did, or did not, run at an instant. */
export interface Explanation {
  readonly at: number;
  /** The status of the fire, or why there is none. */
  readonly code: FireStatus | 'notScheduled' | 'byHandOnly' | 'beforeStart' | 'afterEnd' | 'usedUp' | 'beforeSchedule';
  /** The answer in a sentence, for people. */
  readonly text: Words;
  readonly fire?: LedgerFire;
  /** The pause the instant lies in. */
  readonly pause?: Pause;
  /** The fires around the instant, as the schedule is now. */
  readonly previous?: number;
  readonly next?: number;
}

export type ExplainInput = Pick<
  LedgerInput,
  'records' | 'decidedUntil' | 'scheduledSince' | 'pauses' | 'now' | 'isUsedUp' | 'dueOf'
> & {
  readonly job: Job;
  /** Of the job's window, pauses left aside. */
  readonly schedule: Schedule | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
};

/** How far back a previous fire is looked for. */
const LOOK_BACK_MS = 366 * 86_400_000;

/** Answers "why did it not run at ...?". A whole second counts as its instant: 01:00:00.5 asks for 01:00:00. */
export function explainFire(input: ExplainInput): Explanation {
  const { schedule } = input;
  const at = Math.floor(input.at / 1000) * 1000;
  const [fire] = joinFires({ ...input, from: at, to: at + 1000, limit: 1 });
  const next = schedule?.next(at);
  const around = {
    previous: schedule?.previous(at, at - LOOK_BACK_MS),
    next: next !== undefined && isAfterLastRun(input, next) ? undefined : next,
  };
  const pause = input.pauses?.find((each) => isWithin(each, at));
  const code = fire?.status ?? whyNoFire(input, at, pause);
  const text = explanationWords(code, { ...input, record: fire?.record, pause, isOnSchedule: fire?.isOnSchedule });
  return { at, code, text, ...(fire && { fire }), ...(pause && { pause }), ...around };
}

function isAfterLastRun({ isUsedUp, decidedUntil = 0 }: ExplainInput, at: number): boolean {
  return isUsedUp === true && at > decidedUntil;
}

function whyNoFire(input: ExplainInput, at: number, pause: Pause | undefined): Explanation['code'] {
  const { job, schedule, scheduledSince } = input;
  if (job.cronExpr === undefined) {
    return 'byHandOnly';
  }
  if (pause) {
    return 'paused';
  }
  if (scheduledSince !== undefined && at <= scheduledSince) {
    return 'beforeSchedule';
  }
  if (job.startAt !== undefined && at < job.startAt) {
    return 'beforeStart';
  }
  if (job.endAt !== undefined && at >= job.endAt) {
    return 'afterEnd';
  }
  return isAfterLastRun(input, at) && schedule?.next(at - 1) === at ? 'usedUp' : 'notScheduled';
}
