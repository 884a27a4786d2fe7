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
import { RollupPace } from '../rollup/rollup-pace.js';
import { foldNotes } from './dirty-hours.js';
import { DEFAULT_MONGO_TUNING, MongoLink, MongoTuning } from './mongo-link.js';
import { findOutput, writeOutput } from './output-collection.js';
import { MongoRetention } from './retention.js';
import { findRollups, recomputeAllJobs, recomputeJobs } from './rollup-collection.js';
import { findFires, findLastRuns, findRun, findRuns } from './run-reader.js';
import { writeRuns } from './run-writer.js';

/** Roll-ups of jobs recomputed in one step. */
const MAX_ROLLUPS_AT_ONCE = 25;

/**
 * History in MongoDB, written by many processes at once. Nothing is needed of the server but documents, indexes and
 * writes of single documents that compare and replace in one step: no transactions, no server-side scripts.
 */
export class MongoHistory implements HistoryStore {
  private readonly link: MongoLink;
  private readonly retention: MongoRetention;
  private rollupsAtOnce = MAX_ROLLUPS_AT_ONCE;

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

  async recomputeRollups(limit: number, pace?: RollupPace): Promise<number> {
    const { maxTimeMs } = this.link;
    while (await this.link.call('fold notes', 'write', (models) => foldNotes(models, maxTimeMs)));
    let done = 0;
    for (let after: string | undefined = ''; after !== undefined && done < limit; ) {
      const from: string = after;
      const step = await this.inTime((atOnce) =>
        this.link.call('recompute roll-ups', 'write', (models, signal) =>
          recomputeJobs(models, from, Math.min(atOnce, limit - done), pace, { maxTimeMs, signal }),
        ),
      );
      done += step.done;
      after = step.upTo;
    }
    for (let isMore = true; isMore && done < limit; done += isMore ? 1 : 0) {
      isMore = await this.link.call('recompute roll-ups', 'write', (models, signal) =>
        recomputeAllJobs(models, pace, { maxTimeMs, signal }),
      );
    }
    return done;
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

  /** Does a step of so many roll-ups; after one that failed, perhaps for having too many records, half as many. */
  private async inTime<T>(step: (atOnce: number) => Promise<T>): Promise<T> {
    try {
      const result = await step(this.rollupsAtOnce);
      this.rollupsAtOnce = Math.min(MAX_ROLLUPS_AT_ONCE, this.rollupsAtOnce + 1);
      return result;
    } catch (error) {
      this.rollupsAtOnce = Math.ceil(this.rollupsAtOnce / 2);
      throw error;
    }
  }
}
