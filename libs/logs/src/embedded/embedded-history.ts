import { Run } from '@app/jobs';
import {
  HistoryStore,
  HourlyRollup,
  OutputChunk,
  OutputQuery,
  RetentionRule,
  RollupQuery,
  RunPage,
  RunQuery,
} from '../port/history-store.js';
import { DEFAULT_OUTPUT_CHUNKS, MAX_OUTPUT_BYTES, MAX_OUTPUT_CHUNKS, MAX_PAGE } from '../port/limits.js';
import { checkLimit } from '../record/position.js';
import { RollupPace } from '../rollup/rollup-pace.js';
import { breathe, HistoryFile } from './history-file.js';
import { findOutput, writeOutput } from './output-table.js';
import { Retention } from './retention.js';
import { findRollups, recomputeRollups } from './rollup-table.js';
import { findFires, findLastRuns, findRun, findRuns } from './run-reader.js';
import { writeRuns } from './run-writer.js';

/**
 * History in one SQLite file, for one process. A write that resolved is on the disk. Reads are short walks along an
 * index; long work (roll-ups, retention) goes in slices and lets the process breathe in between.
 */
export class EmbeddedHistory implements HistoryStore {
  private readonly file: HistoryFile;
  private readonly retention: Retention;
  private recomputing: Promise<unknown> = Promise.resolve();

  /** Opens or creates the file; `:memory:` for a history that dies with the process. */
  constructor(path: string) {
    this.file = new HistoryFile(path);
    this.retention = new Retention(this.file);
  }

  async writeRuns(runs: readonly Run[]): Promise<void> {
    if (runs.length === 0) return;
    // Whoever writes again as soon as this is over would keep the process from everything else.
    await breathe();
    writeRuns(this.file, runs);
  }

  async writeOutput(chunks: readonly OutputChunk[]): Promise<void> {
    if (chunks.length > 0) await writeOutput(this.file, chunks);
  }

  async findRun(id: string): Promise<Run | undefined> {
    return this.file.steps('find a run', () => findRun(this.file, id));
  }

  async findRuns(query: RunQuery, limit: number, cursor?: string): Promise<RunPage> {
    checkLimit(limit, MAX_PAGE);
    return this.file.steps('list runs', () => findRuns(this.file, query, limit, cursor));
  }

  async findLastRuns(jobNames: readonly string[], perJob: number): Promise<ReadonlyMap<string, readonly Run[]>> {
    checkLimit(perJob, MAX_PAGE);
    return this.file.steps('find last runs', () => findLastRuns(this.file, jobNames, perJob));
  }

  async findFires(jobName: string, from: number, to: number, limit: number): Promise<readonly Run[]> {
    return this.file.steps('find fires', () => findFires(this.file, jobName, from, to, limit));
  }

  async findOutput(runId: string, query: OutputQuery): Promise<readonly OutputChunk[]> {
    const limit = query.limit ?? DEFAULT_OUTPUT_CHUNKS;
    checkLimit(limit, MAX_OUTPUT_CHUNKS);
    return this.file.steps('find output', () => findOutput(this.file, runId, query, limit, MAX_OUTPUT_BYTES));
  }

  async recomputeRollups(limit: number, pace?: RollupPace): Promise<number> {
    const before = this.recomputing;
    const recompute = async (): Promise<number> =>
      this.file.steps('recompute roll-ups', () => recomputeRollups(this.file, limit, pace));
    const recomputed = before.then(recompute);
    this.recomputing = recomputed.catch(() => {});
    return recomputed;
  }

  async findRollups(query: RollupQuery): Promise<readonly HourlyRollup[]> {
    return this.file.steps('find roll-ups', () => findRollups(this.file, query));
  }

  async deleteExpired(rule: RetentionRule): Promise<number> {
    return this.file.steps('delete expired runs', () => this.retention.deleteExpired(rule));
  }

  async ping(): Promise<void> {
    await this.file.steps('ping', () => this.file.get('SELECT 1'));
  }

  async close(): Promise<void> {
    this.file.close();
  }
}
