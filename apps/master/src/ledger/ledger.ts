import { Run, RunStatus, RunTrigger, Schedule } from '@app/jobs';
import { heldTimes, isWithin, Pause } from './pauses.js';

/**
 * What became of a fire: the status of its run, or `planned` (to come), `due` (its time has come, nobody has decided it
 * yet), `paused` (the job was, or is, or will be), `unrecorded` (decided, but history has no record: still on its way, older than what is kept, or from before the
 * job had this schedule).
 */
export type FireStatus = RunStatus | 'planned' | 'due' | 'paused' | 'unrecorded';

/** One scheduled time and its outcome. Instants are epoch milliseconds. */
export interface LedgerFire {
  readonly scheduledTime: number;
  readonly status: FireStatus;
  /** False where the schedule as it is now has no such fire: an earlier definition had. */
  readonly isOnSchedule: boolean;
  /** The record that decides: the latest attempt, or the stretch the fire lies in. */
  readonly record?: Run;
}

export interface LedgerInput {
  /** As it is now; undefined: fires by hand only. */
  readonly schedule: Schedule | undefined;
  /** Inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Everything known of the span, from history and of live runs, in any order. */
  readonly records: readonly Run[];
  /** All fires up to it are decided; undefined: no worker took the job up yet. */
  readonly decidedUntil: number | undefined;
  /** The job has had all its runs: there are no fires after those that are decided. False unless given. */
  readonly isUsedUp?: boolean;
  /** When a fire is to start, its jitter counted; undefined: at its time. */
  readonly dueOf?: (scheduledTime: number) => number;
  /** Up to it the job fired by another schedule, or not at all: only what is recorded counts. undefined: not known. */
  readonly scheduledSince?: number | undefined;
  /** What nobody decided within one of them was held back by it. None unless given. */
  readonly pauses?: readonly Pause[];
  readonly now: number;
  /** At most this many fires. */
  readonly limit: number;
}

const FIRE_TRIGGERS: ReadonlySet<RunTrigger> = new Set([
  'schedule',
  'catchUp',
  'retry',
  'broadcast',
  'shard',
  'backfill',
]);

/** Every scheduled time of the span with its outcome, ascending. The join of what was planned with what was recorded. */
export function joinFires(input: LedgerInput): LedgerFire[] {
  const records = recordsOfFires(input.records);
  const single = latestByTime(records.filter((run) => run.untilTime === undefined));
  const stretches = records.filter((run) => run.untilTime !== undefined);
  const held = heldTimes(input.pauses ?? [], input.from, input.to, input.limit);
  const stillPlanned = held.filter((time) => input.schedule?.next(time - 1) === time);
  const planned = [...recordedTimes(single, stretches, input), ...plannedTimes(input), ...stillPlanned];
  const times = new Set([...planned, ...offSchedule(single, stretches, planned, input), ...held]);
  const isPlanned = new Set(planned);
  return [...times]
    .sort((left, right) => left - right)
    .slice(0, input.limit)
    .map((scheduledTime) => {
      const over = stretches.filter((run) => covers(run, scheduledTime));
      const record = [single.get(scheduledTime) ?? [], over].flat().reduce<Run | undefined>(newer, undefined);
      const status = record?.status ?? undecided(scheduledTime, input);
      return { scheduledTime, status, isOnSchedule: isPlanned.has(scheduledTime), ...(record && { record }) };
    });
}

function undecided(time: number, input: LedgerInput): FireStatus {
  const { now, decidedUntil, pauses = [], dueOf = (at: number) => at } = input;
  if (pauses.some((pause) => isWithin(pause, time))) {
    return 'paused';
  }
  // A job nobody took up yet begins then: nothing is ever fired for a time before its definition.
  if (time <= (decidedUntil ?? now)) {
    return 'unrecorded';
  }
  return dueOf(time) > now ? 'planned' : 'due';
}

/** Fires since the schedule holds. */
function plannedTimes(input: LedgerInput): number[] {
  const { schedule, from, limit, scheduledSince = from - 1 } = input;
  const to = input.isUsedUp ? Math.min(input.to, (input.decidedUntil ?? 0) + 1) : input.to;
  const times: number[] = [];
  let time = schedule?.next(Math.max(from - 1, scheduledSince));
  while (time !== undefined && time < to && times.length < limit) {
    times.push(time);
    time = schedule?.next(time);
  }
  return times;
}

/** Fires of the schedule from before it held that records speak of: it may have held before. */
function recordedTimes(single: ReadonlyMap<number, Run>, stretches: readonly Run[], input: LedgerInput): number[] {
  const { schedule, from, scheduledSince = from - 1, limit } = input;
  const to = Math.min(input.to, scheduledSince + 1);
  if (!schedule || to <= from) {
    return [];
  }
  const times = [...single.keys()].filter((time) => time >= from && time < to && schedule.next(time - 1) === time);
  for (const stretch of stretches) {
    const last = Math.min(stretch.untilTime ?? stretch.scheduledTime, to - 1);
    let time = schedule.next(Math.max(stretch.scheduledTime, from) - 1);
    for (let found = 0; time !== undefined && time <= last && found < limit; found += 1) {
      times.push(time);
      time = schedule.next(time);
    }
  }
  return times;
}

/**
 * Times that records speak of and the present schedule does not: of a stretch without a planned fire, its first. One
 * that began under the present schedule has no fires but those, and so none in a span between two of them.
 */
function offSchedule(
  single: ReadonlyMap<number, Run>,
  stretches: readonly Run[],
  planned: readonly number[],
  { from, to, scheduledSince }: LedgerInput,
): number[] {
  const isOlder = (run: Run): boolean => scheduledSince === undefined || run.scheduledTime <= scheduledSince;
  const lone = stretches.filter((run) => !planned.some((time) => covers(run, time)));
  const times = [
    ...single.keys(),
    ...lone.map((run) => (isOlder(run) ? Math.max(run.scheduledTime, from) : run.scheduledTime)),
  ];
  return times.filter((time) => time >= from && time < to);
}

/** Without runs that no schedule asked for, and the retries of those. */
function recordsOfFires(records: readonly Run[]): Run[] {
  const asked = new Set(records.filter((run) => !FIRE_TRIGGERS.has(run.trigger)).map((run) => run.rootRunId));
  return records.filter((run) => FIRE_TRIGGERS.has(run.trigger) && !asked.has(run.rootRunId));
}

function latestByTime(records: readonly Run[]): Map<number, Run> {
  const latest = new Map<number, Run>();
  for (const run of records) {
    latest.set(run.scheduledTime, newer(latest.get(run.scheduledTime), run));
  }
  return latest;
}

/** Of two that decide the same fire: the later attempt; after the cursor was set back, what was decided anew. */
function newer(known: Run | undefined, run: Run): Run {
  if (!known) return run;
  const isOfSameFire = known.rootRunId === run.rootRunId;
  const isNewer = isOfSameFire ? run.attempt > known.attempt : (run.claimedAt ?? 0) > (known.claimedAt ?? 0);
  return isNewer ? run : known;
}

function covers(stretch: Run, time: number): boolean {
  return stretch.scheduledTime <= time && time <= (stretch.untilTime ?? stretch.scheduledTime);
}
