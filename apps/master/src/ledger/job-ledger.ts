import { Job, JobControl, StoredJob, scheduleOf } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { Clock, Conflict } from '@app/platform';
import { LiveRuns } from '../ports/live-runs.js';
import { Explanation, explainFire } from './explain.js';
import { FireRecords, readFireRecords } from './fire-records.js';
import { joinFires, LedgerFire } from './ledger.js';
import { Span } from './span.js';

/** Records read for one answer at most. */
const MAX_RECORDS = 5_000;

/** What became of the fires of one job: the plan, the records of history and what is live, brought together. */
export class JobLedger {
  constructor(
    private readonly jobs: JobControl,
    private readonly history: HistoryStore,
    private readonly liveRuns: LiveRuns,
    private readonly clock: Clock,
  ) {}

  /**
   * Every fire of the span with its outcome, `limit` at most, and up to when the list is complete. Throws NotFound,
   * StoreUnavailable; Conflict for an invalid job, which has no fires.
   */
  async fires(name: string, span: Span, limit: number): Promise<{ fires: readonly LedgerFire[]; completeTo: number }> {
    const stored = await this.jobs.get(name);
    const job = jobOf(stored);
    const { records, completeTo } = await this.records(name, span);
    const fires = joinFires({
      schedule: scheduleOf(job),
      from: span.from,
      to: completeTo,
      records,
      decidedUntil: stored.decidedUntil,
      scheduledSince: stored.scheduledSince,
      now: this.clock.now(),
      limit: limit + 1,
    });
    const beyond = fires[limit];
    return { fires: fires.slice(0, limit), completeTo: beyond?.scheduledTime ?? completeTo };
  }

  /** Throws as `fires` does. */
  async explain(name: string, at: number): Promise<Explanation> {
    const stored = await this.jobs.get(name);
    const job = jobOf(stored);
    const second = Math.floor(at / 1000) * 1000;
    const { records } = await this.records(name, { from: second, to: second + 1000 });
    const { decidedUntil, scheduledSince } = stored;
    const known = { records, decidedUntil, scheduledSince, now: this.clock.now() };
    return explainFire({ job, schedule: scheduleOf(job), at, ...known });
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
