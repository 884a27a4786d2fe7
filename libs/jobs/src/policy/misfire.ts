import type { Job } from '../job/job.js';
import type { Schedule } from '../schedule/schedule.js';
import type { Stretch } from '../store/run-entry.js';

/** What to do about the fires that are due and not decided. */
export type FirePlan =
  /** Run this one; what lies before it is decided with it. */
  | { readonly kind: 'claim'; readonly at: number; readonly gap: readonly Stretch[]; readonly isCatchUp: boolean }
  /** Run none of them: `at` is the newest, those before it are the gap. */
  | { readonly kind: 'miss'; readonly at: number; readonly gap: readonly Stretch[]; readonly reason: string };

export interface FireQuestion {
  readonly schedule: Schedule;
  readonly job: Pick<
    Job,
    'concurrencyPolicy' | 'misfirePolicy' | 'startingDeadlineSeconds' | 'misfireWindowSeconds' | 'jitterSeconds'
  >;
  /** Delay of a fire against its scheduled time, milliseconds; smaller than the interval. */
  readonly jitter: (scheduledTime: number) => number;
  /** Fires at or before it are decided. */
  readonly decidedUntil: number;
  readonly now: number;
}

/** At most so many fires are caught up under `runAll`. */
const MAX_CATCH_UP = 100;

/**
 * The next thing to decide about a job, undefined when nothing is due. A job's fires are decided one transaction at a
 * time, so ask again with the moved cursor until there is nothing.
 *
 * In time means: found no later than `startingDeadlineSeconds` after it was due. Of several in time each runs where the
 * job allows overlap or says `runAll`, else the latest. Where none is in time `misfirePolicy` speaks. `runAll` means
 * all, in time or not: an interrupted catch-up is not dropped because a fresh fire came along.
 */
export function planNextFire(question: FireQuestion): FirePlan | undefined {
  const { schedule, job, decidedUntil, now } = question;
  const last = lastDue(question);
  if (last === undefined) return undefined;

  const inTimeSince = now - job.startingDeadlineSeconds * 1000;
  const windowSince = now - job.misfireWindowSeconds * 1000;
  const due = last + question.jitter(last);
  const isInTime = due >= inTimeSince;

  if (job.misfirePolicy === 'runAll') {
    const first = firstToCatchUp(question, last, Math.min(windowSince, inTimeSince));
    if (first === undefined) return missAll(question, last);
    return {
      kind: 'claim',
      at: first,
      gap: stretch(schedule, decidedUntil, before(first), 'deadline'),
      isCatchUp: first + question.jitter(first) < inTimeSince,
    };
  }
  if (isInTime) {
    const at = job.concurrencyPolicy === 'allow' ? firstInTime(question, last, inTimeSince) : last;
    const reason = job.concurrencyPolicy === 'allow' ? 'deadline' : 'superseded';
    return { kind: 'claim', at, gap: stretch(schedule, decidedUntil, before(at), reason), isCatchUp: false };
  }
  if (job.misfirePolicy === 'runOnce' && due >= windowSince) {
    return {
      kind: 'claim',
      at: last,
      gap: stretch(schedule, decidedUntil, before(last), 'superseded'),
      isCatchUp: true,
    };
  }
  return missAll(question, last);
}

/** The fires in (from, to] as one missed or skipped stretch; none when there are none. */
export function stretch(
  schedule: Schedule,
  from: number,
  to: number,
  reason: string,
  status: Stretch['status'] = 'missed',
): readonly Stretch[] {
  const first = schedule.next(from);
  if (first === undefined || first > to) return [];
  const last = schedule.previous(to + 1, from) ?? first;
  return [{ from: first, to: last, count: schedule.count(from, last), status, reason }];
}

function missAll({ schedule, decidedUntil }: FireQuestion, last: number): FirePlan {
  const gap = stretch(schedule, decidedUntil, before(last), 'deadline');
  return { kind: 'miss', at: last, gap, reason: 'deadline' };
}

/** Newest undecided fire that is due, jitter counted. */
function lastDue({ schedule, jitter, decidedUntil, now }: FireQuestion): number | undefined {
  let last = schedule.previous(now + 1, decidedUntil);
  while (last !== undefined && last + jitter(last) > now) last = schedule.previous(last, decidedUntil);
  return last;
}

/** Oldest undecided fire that is still in time. `last` is one. */
function firstInTime({ schedule, jitter, job, decidedUntil }: FireQuestion, last: number, inTimeSince: number): number {
  let at = schedule.next(Math.max(decidedUntil, inTimeSince - job.jitterSeconds * 1000 - 1)) ?? last;
  while (at < last && at + jitter(at) < inTimeSince) at = schedule.next(at) ?? last;
  return at;
}

/** Oldest undecided fire that was due within the window, at most MAX_CATCH_UP back. */
function firstToCatchUp(question: FireQuestion, last: number, since: number): number | undefined {
  const { schedule, jitter, decidedUntil } = question;
  if (last + jitter(last) < since) return undefined;
  let at = last;
  for (let count = 1; count < MAX_CATCH_UP; count++) {
    const earlier = schedule.previous(at, decidedUntil);
    if (earlier === undefined || earlier + jitter(earlier) < since) break;
    at = earlier;
  }
  return at;
}

function before(instant: number): number {
  return instant - 1;
}
