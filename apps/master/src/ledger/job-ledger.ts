import { dueAt, Job, JobControl, StoredJob, scheduleOf } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { Clock, Conflict } from '@app/platform';
import { isUsedUp } from '../jobs/job-state.js';
import { LiveRuns } from '../ports/live-runs.js';
import { Explanation, explainFire } from './explain.js';
import { FireRecords, readFireRecords } from './fire-records.js';
import { joinFires, LedgerFire } from './ledger.js';
import { Pause, pausesOf } from './pauses.js';
import { Span } from './span.js';
import { sameScheduleSince, termsOf } from './terms.js';

/** Records read for one answer at most. */
const MAX_RECORDS = 5_000;

/** The fires of a span. */
export interface FireList {
  readonly fires: readonly LedgerFire[];
  /** Epoch milliseconds: every fire before it is there. */
  readonly completeTo: number;
  readonly pauses: readonly Pause[];
}

/** What became of the fires of one job: the plan, the records of history and what is live, brought together. */
export class JobLedger {
  constructor(
    private readonly jobs: JobControl,
    private readonly history: HistoryStore,
    private readonly liveRuns: LiveRuns,
    private readonly clock: Clock,
  ) {}

  /**
   * Every fire of the span with its outcome, `limit` at most, up to when the list is complete, and the pauses that reach
   * into it. Throws NotFound, StoreUnavailable; Conflict for an invalid job, which has no fires.
   */
  async fires(name: string, span: Span, limit: number): Promise<FireList> {
    const { job, ...known } = await this.known(name);
    const { records, completeTo } = await this.records(name, span);
    const fires = joinFires({
      ...known,
      schedule: scheduleOf(job),
      from: span.from,
      to: completeTo,
      records,
      limit: limit + 1,
    });
    const beyond = fires[limit];
    return {
      fires: fires.slice(0, limit),
      completeTo: beyond?.scheduledTime ?? completeTo,
      pauses: known.pauses.filter(({ from, to = Infinity }) => from < span.to && to > span.from),
    };
  }

  /** Throws as `fires` does. */
  async explain(name: string, at: number): Promise<Explanation> {
    const { job, ...known } = await this.known(name);
    const second = Math.floor(at / 1000) * 1000;
    const { records } = await this.records(name, { from: second, to: second + 1000 });
    return explainFire({ ...known, job, schedule: scheduleOf(job), at, records });
  }

  /** What the store knows of the job, now and before. */
  private async known(name: string) {
    const now = this.clock.now();
    const [stored, versions] = await Promise.all([this.jobs.get(name), this.jobs.versions(name)]);
    const job = jobOf(stored);
    const terms = termsOf(stored, versions, now);
    return {
      job,
      decidedUntil: stored.decidedUntil,
      isUsedUp: isUsedUp(stored),
      dueOf: (time: number) => dueAt(job, time),
      scheduledSince: sameScheduleSince(terms, stored.scheduledSince),
      pauses: pausesOf(terms),
      now,
    };
  }

  private records(name: string, span: Span): Promise<FireRecords> {
    return readFireRecords(this.history, this.liveRuns, name, span, MAX_RECORDS);
  }
}

function jobOf(stored: StoredJob): Job {
  if (!stored.parsed.ok) {
    throw new Conflict(`The job is invalid and has no fires: ${stored.parsed.reason}`);
  }
  return stored.parsed.job;
}
