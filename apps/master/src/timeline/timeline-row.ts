import { dueAt, Job, JobState, RunStatus, Schedule, StoredJob, scheduleOf } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { isUsedUp, stateOf } from '../jobs/job-state.js';
import { readFireRecords } from '../ledger/fire-records.js';
import { joinFires, LedgerFire } from '../ledger/ledger.js';
import { Span } from '../ledger/span.js';
import { LiveRuns } from '../ports/live-runs.js';
import { isHeldBack } from './held-back.js';

const HOUR_MS = 3_600_000;
/** Fires of a row that are shown one by one. */
const MAX_MARKS = 200;
/** Records read for a row: its fires, their retries and runs by hand. More of them count as a crowd. */
const MAX_RECORDS = 600;

/** An hour of a job with many fires. Epoch milliseconds. */
export interface Bucket {
  readonly at: number;
  readonly untilAt: number;
  /** Fires yet to come. */
  readonly planned: number;
  /** What is over, by outcome. */
  readonly counts: Readonly<Partial<Record<RunStatus, number>>>;
}

/** One job on the time axis: each of its fires, or, where there are too many, each hour. */
export interface TimelineRow {
  readonly jobName: string;
  readonly state: JobState;
  readonly marks?: readonly LedgerFire[];
  readonly buckets?: readonly Bucket[];
}

/** Where a row is read from. */
export interface TimelineSources {
  readonly history: HistoryStore;
  readonly liveRuns: LiveRuns;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The row of one job. Reads a bounded number of records, however often the job fires. Throws StoreUnavailable. */
export async function readRow(sources: TimelineSources, stored: StoredJob, span: Span): Promise<TimelineRow> {
  const { name: jobName, parsed } = stored;
  const row = { jobName, state: stateOf(stored, sources.now) };
  if (!parsed.ok) {
    return { ...row, marks: [] };
  }
  const schedule = scheduleOf(parsed.job);
  const isCrowd = (schedule?.count(span.from - 1, span.to - 1, MAX_MARKS + 1) ?? 0) > MAX_MARKS;
  const marks = isCrowd ? undefined : await readMarks(sources, stored, parsed.job, schedule, span);
  return marks ? { ...row, marks } : { ...row, buckets: await readBuckets(sources, parsed.job, schedule, span) };
}

/** undefined: there are too many after all, of earlier schedules or of runs nobody scheduled. */
async function readMarks(
  { history, liveRuns, now }: TimelineSources,
  stored: StoredJob,
  job: Job,
  schedule: Schedule | undefined,
  span: Span,
): Promise<readonly LedgerFire[] | undefined> {
  const { name, decidedUntil, scheduledSince } = stored;
  const { records, completeTo } = await readFireRecords(history, liveRuns, name, span, MAX_RECORDS);
  if (completeTo < span.to) {
    return undefined;
  }
  const dueOf = (time: number): number => dueAt(job, time);
  const terms = { schedule, decidedUntil, scheduledSince, isUsedUp: isUsedUp(stored), dueOf };
  const known = { ...terms, records, now };
  const fires = joinFires({ ...known, ...span, limit: MAX_MARKS + 1 });
  return fires.length > MAX_MARKS ? undefined : fires.filter((fire) => !isHeldBack(fire, job, scheduledSince));
}

/** Whole hours, ascending; those in which nothing was and nothing will be are left out. */
async function readBuckets(
  { history, now }: TimelineSources,
  job: Job,
  schedule: Schedule | undefined,
  { from, to }: Span,
): Promise<readonly Bucket[]> {
  const first = Math.floor(from / HOUR_MS) * HOUR_MS;
  const rollups =
    first < now ? await history.findRollups({ jobName: job.name, from: first, to: Math.min(to, now + 1) }) : [];
  const countsOf = new Map(rollups.map(({ hour, counts }) => [hour, counts]));
  const comesFrom = comingSince(job, now);
  const buckets: Bucket[] = [];
  for (let at = first; at < to; at += HOUR_MS) {
    const untilAt = at + HOUR_MS;
    const planned = schedule && comesFrom < untilAt ? schedule.count(Math.max(comesFrom, at - 1), untilAt - 1) : 0;
    const counts = countsOf.get(at);
    if (planned > 0 || counts) {
      buckets.push({ at, untilAt, planned, counts: counts ?? {} });
    }
  }
  return buckets;
}

/** After which instant the job fires again: now, or just before its pause ends. */
function comingSince(job: Job, now: number): number {
  return job.paused ? Math.max(now, (job.pausedUntil ?? Number.POSITIVE_INFINITY) - 1) : now;
}
