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
 * The plan without the fires that come after the last run a job may have. `limited`: jobs by name that may have only so
 * many, with their number of runs as of `now`.
 */
export function withinMaxRuns(plan: Plan, limited: ReadonlyMap<string, StoredJob>, from: number, now: number): Plan {
  const left = new Map<string, number>();
  const fires = plan.fires.filter(({ jobName }) => {
    const stored = limited.get(jobName);
    if (!stored) return true;
    const runs = left.get(jobName) ?? runsLeft(stored, from, now);
    left.set(jobName, runs - 1);
    return runs > 0;
  });
  return { ...plan, fires };
}

/** Runs a job has left at `from`, when every fire between `now` and then is one. */
function runsLeft({ parsed, runCount = 0 }: StoredJob, from: number, now: number): number {
  if (!parsed.ok || parsed.job.maxRuns === undefined) return Number.POSITIVE_INFINITY;
  const { job } = parsed;
  const resumes = Math.max(now, job.paused ? (job.pausedUntil ?? from) - 1 : now);
  const before = from - 1 > resumes ? (scheduleOf(job)?.count(resumes, from - 1) ?? 0) : 0;
  return (job.maxRuns ?? 0) - runCount - before;
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
