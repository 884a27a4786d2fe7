import { compileSchedule, Job, Schedule, scheduleOf } from '@app/jobs';

/** Where fires are counted, epoch milliseconds: [from, to) in steps of `stepMs`, which divides it. */
export interface DensitySpan {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  /** Fires before it are not counted: what became of them the records say, not a plan that may be younger. */
  readonly since?: number;
}

export interface Density {
  /** Fires per step. */
  readonly counts: readonly number[];
  /** False: some schedules were left out, so that counts are too low. */
  readonly isComplete: boolean;
}

/** Questions to schedules that one answer may take, some 2 s. */
const MAX_WORK = 8_000_000;
/** Work between two breaths of the event loop: some 5 ms. */
const WORK_PER_SLICE = 10_000;
const JOBS_PER_SLICE = 1_000;

/**
 * Fires of all jobs per step, of those not before `since`. Jobs that fire at the same times are counted once: a hundred thousand jobs have far fewer
 * schedules, and those that most jobs have come first where the work is cut short. Paused jobs count from when their
 * pause ends. Calls `breathe` between slices.
 */
export async function countFires(
  jobs: Iterable<Job>,
  span: DensitySpan,
  breathe: () => Promise<void>,
  maxWork = MAX_WORK,
): Promise<Density> {
  const counts = new Array<number>((span.to - span.from) / span.stepMs).fill(0);
  const alike = await groupAlike(jobs, span, breathe);
  let work = 0;
  let sinceBreath = 0;
  for (const group of alike) {
    if (work >= maxWork) {
      return { counts, isComplete: false };
    }
    const done = addFires(counts, group, span);
    work += done;
    sinceBreath += done;
    if (sinceBreath >= WORK_PER_SLICE) {
      sinceBreath = 0;
      await breathe();
    }
  }
  return { counts, isComplete: true };
}

/** Jobs that fire at the same instants of a part of the span, [from, to). */
interface Alike {
  readonly schedule: Schedule;
  readonly from: number;
  readonly to: number;
  jobs: number;
}

async function groupAlike(jobs: Iterable<Job>, span: DensitySpan, breathe: () => Promise<void>): Promise<Alike[]> {
  const bySchedule = new Map<Schedule, Map<string, Alike>>();
  let looked = 0;
  for (const job of jobs) {
    looked += 1;
    if (looked % JOBS_PER_SLICE === 0) {
      await breathe();
    }
    const part = partOf(job, span);
    const schedule = part && openScheduleOf(job);
    if (!part || !schedule) {
      continue;
    }
    const parts = bySchedule.get(schedule) ?? new Map<string, Alike>();
    bySchedule.set(schedule, parts);
    const isWhole = part.from === Math.max(span.from, span.since ?? 0) && part.to === span.to;
    const key = isWhole ? '' : `${part.from} ${part.to}`;
    const known = parts.get(key);
    if (known) {
      known.jobs += 1;
    } else {
      parts.set(key, { schedule, ...part, jobs: 1 });
    }
  }
  return [...bySchedule.values()].flatMap((parts) => [...parts.values()]).sort((left, right) => right.jobs - left.jobs);
}

/** The part of the span that is to come, in the job's window and after its pause; undefined where none is. */
function partOf(job: Job, span: DensitySpan): { from: number; to: number } | undefined {
  if (job.cronExpr === undefined || (job.paused && job.pausedUntil === undefined)) {
    return undefined;
  }
  const from = Math.max(span.from, span.since ?? 0, job.startAt ?? 0, job.paused ? (job.pausedUntil ?? 0) : 0);
  const to = Math.min(span.to, job.endAt ?? Number.POSITIVE_INFINITY);
  return from < to ? { from, to } : undefined;
}

const openSchedules = new WeakMap<Job, Schedule>();

/** The rule without the job's window; jobs with equal rules share one object. */
function openScheduleOf(job: Job): Schedule | undefined {
  const { cronExpr, timezone, startAt, endAt, name } = job;
  if (cronExpr === undefined || (startAt === undefined && endAt === undefined)) {
    return scheduleOf(job);
  }
  const known = openSchedules.get(job);
  if (known) {
    return known;
  }
  const schedule = compileSchedule({ cronExpr, timezone }, name);
  openSchedules.set(job, schedule);
  return schedule;
}

/** Adds the fires of a group; returns how many questions that took. */
function addFires(counts: number[], { schedule, from, to, jobs }: Alike, span: DensitySpan): number {
  const add = (index: number, fires: number): void => {
    counts[index] = (counts[index] ?? 0) + fires * jobs;
  };
  // Up to a fire per step, asking for each fire is the shorter way.
  if (schedule.count(from - 1, to - 1) <= counts.length) {
    let asked = 2;
    for (let at = schedule.next(from - 1); at !== undefined && at < to; at = schedule.next(at)) {
      add(Math.floor((at - span.from) / span.stepMs), 1);
      asked += 1;
    }
    return asked;
  }
  const first = Math.floor((from - span.from) / span.stepMs);
  const end = Math.ceil((to - span.from) / span.stepMs);
  for (let index = first; index < end; index += 1) {
    const start = span.from + index * span.stepMs;
    add(index, schedule.count(Math.max(start, from) - 1, Math.min(start + span.stepMs, to) - 1));
  }
  return end - first + 1;
}
