import { dueAt, Job, StoredJob, scheduleOf } from '@app/jobs';
import { nextFireOf } from '../jobs/job-state.js';

/** A fire to come. Epoch milliseconds. */
export interface PlannedFire {
  readonly jobName: string;
  readonly scheduledTime: number;
  /** `scheduledTime` and the job's jitter: when it really starts. */
  readonly dueAt: number;
}

export interface Plan {
  /** Ascending by scheduledTime, then name. */
  readonly fires: readonly PlannedFire[];
  /** The plan holds every fire up to here (exclusive); less than what was asked for when there are too many. */
  readonly completeTo: number;
}

/** Jobs looked at between two breaths of the event loop. */
const JOBS_PER_SLICE = 1_000;

/**
 * The fires of all jobs in [from, to), at most `limit` of them: the earliest. Calls `breathe` between slices of jobs, so
 * that a hundred thousand of them never hold the process up.
 */
export async function planFires(
  jobs: Iterable<Job>,
  span: { from: number; to: number; limit: number },
  breathe: () => Promise<void>,
): Promise<Plan> {
  const heap = new NextFires();
  let looked = 0;
  for (const job of jobs) {
    const at = nextFireOf(job, span.from - 1);
    if (at !== undefined && at < span.to) {
      heap.push({ job, at });
    }
    looked += 1;
    if (looked % JOBS_PER_SLICE === 0) {
      await breathe();
    }
  }
  const fires: PlannedFire[] = [];
  for (let first = heap.pop(); first; first = heap.pop()) {
    if (fires.length === span.limit) {
      return { fires, completeTo: first.at };
    }
    const { job, at } = first;
    fires.push({ jobName: job.name, scheduledTime: at, dueAt: dueAt(job, at) });
    const next = nextFireOf(job, at);
    if (next !== undefined && next < span.to) {
      heap.push({ job, at: next });
    }
  }
  return { fires, completeTo: span.to };
}

/**
 * As `planFires`, without the fires that come after the last run a job may have. `counted` gives, of the jobs that are
 * named, those that may have only so many runs, with how many they have had. Fires of the past stay, whatever became of
 * them.
 */
export async function planRuns(
  jobs: () => Iterable<Job>,
  span: { from: number; to: number; limit: number },
  now: number,
  counted: (names: readonly string[]) => Promise<readonly StoredJob[]>,
  breathe: () => Promise<void>,
): Promise<Plan> {
  const whole = await planFires(jobs(), span, breathe);
  const limits = new Map<string, RunLimit>();
  for (const stored of await counted([...new Set(whole.fires.map(({ jobName }) => jobName))])) {
    limits.set(stored.name, limitOf(stored, span.from, now));
  }
  const plan = withinLimits(whole, limits);
  if (plan.fires.length === whole.fires.length || plan.completeTo === span.to || span.from < now) return plan;
  // What jobs that are used up took of the limit is for the others.
  const others = jobsBut((name) => (limits.get(name)?.left ?? 1) <= 0, jobs());
  return withinLimits(await planFires(others, span, breathe), limits);
}

/** How many runs a job has left after an instant, epoch milliseconds. */
interface RunLimit {
  readonly after: number;
  readonly left: number;
}

/** So far ahead it is counted how many runs a job will have had by then. */
const COUNTED_AHEAD_MS = 366 * 86_400_000;

/** Runs that are left where the span begins, when every fire until then is one. */
function limitOf({ parsed, runCount = 0, decidedUntil }: StoredJob, from: number, now: number): RunLimit {
  const after = Math.max(now, decidedUntil ?? now);
  const begin = Math.max(after, from - 1);
  if (!parsed.ok || parsed.job.maxRuns === undefined || begin - after > COUNTED_AHEAD_MS) {
    return { after, left: Number.POSITIVE_INFINITY };
  }
  const { job } = parsed;
  // One that is due, but put off by its jitter, is not counted among the runs yet.
  const undecidedSince = Math.max(decidedUntil ?? after, after - job.jitterSeconds * 1000);
  const since = job.paused ? Math.max(undecidedSince, (job.pausedUntil ?? Infinity) - 1) : undecidedSince;
  const before = since < begin ? (scheduleOf(job)?.count(since, begin) ?? 0) : 0;
  return { after, left: parsed.job.maxRuns - runCount - before };
}

function withinLimits(plan: Plan, limits: ReadonlyMap<string, RunLimit>): Plan {
  const had = new Map<string, number>();
  const fires = plan.fires.filter(({ jobName, scheduledTime }) => {
    const limit = limits.get(jobName);
    if (!limit || scheduledTime <= limit.after) return true;
    const runs = had.get(jobName) ?? 0;
    had.set(jobName, runs + 1);
    return runs < limit.left;
  });
  return { ...plan, fires };
}

function* jobsBut(isLeftOut: (name: string) => boolean, jobs: Iterable<Job>): Generator<Job> {
  for (const job of jobs) if (!isLeftOut(job.name)) yield job;
}

interface Upcoming {
  readonly job: Job;
  readonly at: number;
}

/** A binary heap: the earliest fire first, of equal ones the first by name. */
class NextFires {
  private readonly items: Upcoming[] = [];

  push(item: Upcoming): void {
    let at = this.items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) {
        return;
      }
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): Upcoming | undefined {
    const first = this.items[0];
    const last = this.items.pop();
    if (first && last && this.items.length > 0) {
      this.items[0] = last;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const least = [left, left + 1].reduce((best, child) => (this.isBefore(child, best) ? child : best), at);
      if (least === at) {
        return;
      }
      this.swap(at, least);
      at = least;
    }
  }

  private isBefore(left: number, right: number): boolean {
    const one = this.items[left];
    const other = this.items[right];
    if (!one || !other) {
      return false;
    }
    return one.at < other.at || (one.at === other.at && one.job.name < other.job.name);
  }

  private swap(left: number, right: number): void {
    const item = this.items[left] as Upcoming;
    this.items[left] = this.items[right] as Upcoming;
    this.items[right] = item;
  }
}
