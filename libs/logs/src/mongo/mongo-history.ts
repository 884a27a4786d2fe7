import { Run } from '@app/jobs';
import { Clock, Log } from '@app/platform';
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
import { foldNotes } from './dirty-hours.js';
import { DEFAULT_MONGO_TUNING, MongoLink, MongoTuning } from './mongo-link.js';
import { findOutput, writeOutput } from './output-collection.js';
import { MongoRetention } from './retention.js';
import { findRollups, recomputeOne } from './rollup-collection.js';
import { findFires, findLastRuns, findRun, findRuns } from './run-reader.js';
import { writeRuns } from './run-writer.js';

/**
 * History in MongoDB, written by many processes at once. Nothing is needed of the server but documents, indexes and
 * writes of single documents that compare and replace in one step: no transactions, no server-side scripts.
 */
export class MongoHistory implements HistoryStore {
  private readonly link: MongoLink;
  private readonly retention: MongoRetention;

  /** Connects when first used. `uri` names the database (`test` where it does not, the driver's custom). */
  constructor(uri: string, clock: Clock, log: Log, tuning: Partial<MongoTuning> = {}) {
    this.link = new MongoLink(uri, clock, log, { ...DEFAULT_MONGO_TUNING, ...tuning });
    this.retention = new MongoRetention(
      (work) => this.link.call('delete expired runs', 'write', work),
      this.link.maxTimeMs,
    );
  }

  /**
   * Connects and makes the indexes ahead of the first call. Nobody needs to wait for it: every call connects by itself,
   * and indexes are made in the background. Throws StoreUnavailable when the server is away.
   */
  async prepare(): Promise<void> {
    await this.link.prepare();
  }

  async writeRuns(runs: readonly Run[]): Promise<void> {
    if (runs.length > 0) await this.link.call('write runs', 'write', (models) => writeRuns(models, runs));
  }

  async writeOutput(chunks: readonly OutputChunk[]): Promise<void> {
    if (chunks.length > 0) await this.link.call('write output', 'write', (models) => writeOutput(models, chunks));
  }

  async findRun(id: string): Promise<Run | undefined> {
    return this.link.call('find a run', 'read', (models) => findRun(models, id, this.link.maxTimeMs));
  }

  async findRuns(query: RunQuery, limit: number, cursor?: string): Promise<RunPage> {
    checkLimit(limit, MAX_PAGE);
    return this.link.call('list runs', 'read', (models) => findRuns(models, query, limit, cursor, this.link.maxTimeMs));
  }

  async findLastRuns(jobNames: readonly string[], perJob: number): Promise<ReadonlyMap<string, readonly Run[]>> {
    checkLimit(perJob, MAX_PAGE);
    return this.link.call('find last runs', 'read', (models) =>
      findLastRuns(models, jobNames, perJob, this.link.maxTimeMs),
    );
  }

  async findFires(jobName: string, from: number, to: number, limit: number): Promise<readonly Run[]> {
    return this.link.call('find fires', 'read', (models) =>
      findFires(models, jobName, from, to, limit, this.link.maxTimeMs),
    );
  }

  async findOutput(runId: string, query: OutputQuery): Promise<readonly OutputChunk[]> {
    const limit = query.limit ?? DEFAULT_OUTPUT_CHUNKS;
    checkLimit(limit, MAX_OUTPUT_CHUNKS);
    return this.link.call('find output', 'read', (models) =>
      findOutput(models, runId, query, limit, MAX_OUTPUT_BYTES, this.link.maxTimeMs),
    );
  }

  async recomputeRollups(limit: number): Promise<number> {
    while (await this.link.call('fold notes', 'write', (models) => foldNotes(models, this.link.maxTimeMs)));
    for (let done = 0; done < limit; done += 1) {
      const isMore = await this.link.call('recompute roll-ups', 'write', (models) =>
        recomputeOne(models, this.link.maxTimeMs),
      );
      if (!isMore) return done;
    }
    return limit;
  }

  async findRollups(query: RollupQuery): Promise<readonly HourlyRollup[]> {
    return this.link.call('find roll-ups', 'read', (models) => findRollups(models, query, this.link.maxTimeMs));
  }

  async deleteExpired(rule: RetentionRule): Promise<number> {
    return this.retention.deleteExpired(rule);
  }

  async ping(): Promise<void> {
    await this.link.call('ping', 'read', ({ runs }) =>
      runs.findOne({ _id: '' }, { _id: 1 }).maxTimeMS(this.link.maxTimeMs).lean(),
    );
  }

  async close(): Promise<void> {
    await this.link.close();
  }
}
