import { RetentionRule } from '../port/history-store.js';
import { breathe, HistoryFile } from './history-file.js';

/** Runs deleted in one transaction, and chunks of output in one. */
const RUNS_PER_STEP = 100;
const CHUNKS_PER_STEP = 500;
/** Jobs one call looks at for `keepPerJob`. */
const JOBS_PER_CALL = 1_000;

interface Expired {
  readonly id: string;
}

/**
 * Deletes what the rule no longer keeps, in small transactions with room for others in between. Output goes before its
 * run, so that a crash leaves a run without output rather than output nobody can find.
 */
export class Retention {
  /** The job after which the next call goes on; the whole fleet is looked at over several calls. */
  private lastJob = '';

  constructor(private readonly file: HistoryFile) {}

  /** How many runs were deleted. */
  async deleteExpired(rule: RetentionRule): Promise<number> {
    const byAge = await this.deleteRuns(this.olderThan(rule.before, rule.limit));
    const byCount = rule.keepPerJob === undefined ? 0 : await this.trimJobs(rule, rule.keepPerJob, rule.limit - byAge);
    if (rule.rollupsBefore !== undefined) this.deleteRollups(rule.rollupsBefore, rule.limit);
    return byAge + byCount;
  }

  private olderThan(before: number, limit: number): readonly Expired[] {
    return this.file.all<Expired>(
      `SELECT id FROM runs INDEXED BY runs_by_end WHERE ended_at IS NOT NULL AND ended_at < ?
       ORDER BY ended_at, id LIMIT ?`,
      before,
      limit,
    );
  }

  private async trimJobs(rule: RetentionRule, keep: number, limit: number): Promise<number> {
    let deleted = 0;
    for (let looked = 0; looked < JOBS_PER_CALL && deleted < limit; looked += 1) {
      if (looked % 50 === 49) await breathe();
      const job = this.file.get<{ name: string }>(
        'SELECT job_name AS name FROM runs WHERE job_name > ? ORDER BY job_name LIMIT 1',
        this.lastJob,
      );
      if (job === undefined) {
        this.lastJob = '';
        break;
      }
      const surplus = this.beyond(job.name, keep, rule.keepFrom, limit - deleted);
      deleted += await this.deleteRuns(surplus);
      if (deleted < limit) this.lastJob = job.name;
    }
    return deleted;
  }

  /** Oldest first. The newest `keep` ended runs stay, and all scheduled at or after `keepFrom`. */
  private beyond(jobName: string, keep: number, keepFrom: number | undefined, limit: number): readonly Expired[] {
    const ended = 'FROM runs INDEXED BY runs_by_job WHERE job_name = ? AND ended_at IS NOT NULL';
    const newestSurplus = this.file.get<{ time: number; id: string }>(
      `SELECT scheduled_time AS time, id ${ended} ORDER BY scheduled_time DESC, id DESC LIMIT 1 OFFSET ?`,
      jobName,
      keep,
    );
    if (newestSurplus === undefined) return [];
    return this.file.all<Expired>(
      `SELECT id ${ended} AND (scheduled_time, id) <= (?, ?) AND scheduled_time < ?
       ORDER BY scheduled_time, id LIMIT ?`,
      jobName,
      newestSurplus.time,
      newestSurplus.id,
      keepFrom ?? Number.MAX_SAFE_INTEGER,
      limit,
    );
  }

  private async deleteRuns(expired: readonly Expired[]): Promise<number> {
    for (let start = 0; start < expired.length; start += RUNS_PER_STEP) {
      const step = expired.slice(start, start + RUNS_PER_STEP);
      for (const { id } of step) await this.deleteOutput(id);
      this.file.write('delete expired runs', () => {
        for (const { id } of step) this.file.run('DELETE FROM runs WHERE id = ? AND ended_at IS NOT NULL', id);
      });
      await breathe();
    }
    return expired.length;
  }

  private async deleteOutput(runId: string): Promise<void> {
    const some = 'SELECT rowid FROM run_output WHERE run_id = ? LIMIT ?';
    if (this.file.get(some, runId, 1) === undefined) return;
    for (;;) {
      const deleted = this.file.write('delete expired output', () =>
        this.file.run(`DELETE FROM run_output WHERE rowid IN (${some})`, runId, CHUNKS_PER_STEP),
      );
      if (deleted < CHUNKS_PER_STEP) return;
      await breathe();
    }
  }

  private deleteRollups(before: number, limit: number): void {
    this.file.write('delete expired roll-ups', () => {
      const rows = this.file.all<{ job_name: string; hour: number }>(
        'SELECT job_name, hour FROM rollups INDEXED BY rollups_by_hour WHERE hour < ? ORDER BY hour LIMIT ?',
        before,
        limit,
      );
      for (const row of rows) {
        this.file.run('DELETE FROM rollups WHERE job_name = ? AND hour = ?', row.job_name, row.hour);
      }
    });
  }
}
