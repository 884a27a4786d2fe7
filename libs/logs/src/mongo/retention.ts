import { RetentionRule } from '../port/history-store.js';
import { clampedDate, HistoryModels, RunDocument } from './documents.js';

/** Runs, and chunks of output, deleted with one request. */
const RUNS_PER_STEP = 200;
const CHUNKS_PER_STEP = 1_000;
/** Jobs one call looks at for `keepPerJob`. */
const JOBS_PER_CALL = 200;

/** Runs one request of the retention within the deadline of a call. */
export type Step = <T>(work: (models: HistoryModels) => Promise<T>) => Promise<T>;

/**
 * Deletes what the rule no longer keeps, by requests that each stay short. Output goes before its run, so that a crash
 * leaves a run without output rather than output nobody can find.
 */
export class MongoRetention {
  /** The job after which the next call goes on; the whole fleet is looked at over several calls. */
  private lastJob = '';

  constructor(
    private readonly step: Step,
    private readonly maxTimeMs: number,
  ) {}

  /** How many runs were deleted. */
  async deleteExpired(rule: RetentionRule): Promise<number> {
    const old = await this.ids({ endedAt: { $lt: clampedDate(rule.before) } }, { endedAt: 1 }, rule.limit);
    await this.deleteRuns(old);
    const surplus =
      rule.keepPerJob === undefined ? 0 : await this.trimJobs(rule, rule.keepPerJob, rule.limit - old.length);
    if (rule.rollupsBefore !== undefined) await this.deleteRollups(rule.rollupsBefore, rule.limit);
    return old.length + surplus;
  }

  private async trimJobs(rule: RetentionRule, keep: number, limit: number): Promise<number> {
    let deleted = 0;
    for (let looked = 0; looked < JOBS_PER_CALL && deleted < limit; looked += 1) {
      const job = await this.nextJob();
      if (job === undefined) {
        this.lastJob = '';
        break;
      }
      const surplus = await this.beyond(job, keep, rule.keepFrom, limit - deleted);
      await this.deleteRuns(surplus);
      deleted += surplus.length;
      if (deleted < limit) this.lastJob = job;
    }
    return deleted;
  }

  private async nextJob(): Promise<string | undefined> {
    const [next] = await this.step(({ runs }) =>
      runs
        .find({ jobName: { $gt: this.lastJob } }, { jobName: 1 })
        .sort({ jobName: 1 })
        .limit(1)
        .maxTimeMS(this.maxTimeMs)
        .lean<RunDocument[]>(),
    );
    return next?.jobName;
  }

  /** Oldest first. The newest `keep` ended runs stay, and all scheduled at or after `keepFrom`. */
  private async beyond(jobName: string, keep: number, keepFrom: number | undefined, limit: number): Promise<string[]> {
    const ended = { jobName: { $eq: jobName }, endedAt: { $exists: true } };
    const [newest] = await this.step(({ runs }) =>
      runs
        .find(ended, { planTime: 1 })
        .sort({ planTime: -1, _id: -1 })
        .skip(keep)
        .limit(1)
        .maxTimeMS(this.maxTimeMs)
        .lean<RunDocument[]>(),
    );
    if (newest === undefined) return [];
    const { planTime, _id } = newest;
    const upToNewest = { $or: [{ planTime: { $lt: planTime } }, { planTime, _id: { $lte: _id } }] };
    const before = keepFrom === undefined ? {} : { planTime: { $lt: clampedDate(keepFrom) } };
    return this.ids({ ...ended, $and: [upToNewest, before] }, { planTime: 1, _id: 1 }, limit);
  }

  private async ids(filter: object, sort: Record<string, 1 | -1>, limit: number): Promise<string[]> {
    if (limit <= 0) return [];
    const found = await this.step(({ runs }) =>
      runs.find(filter, { _id: 1 }).sort(sort).limit(limit).maxTimeMS(this.maxTimeMs).lean<{ _id: string }[]>(),
    );
    return found.map((run) => run._id);
  }

  private async deleteRuns(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += RUNS_PER_STEP) {
      const some = ids.slice(start, start + RUNS_PER_STEP);
      await this.deleteOutput(some);
      await this.step(({ runs }) => runs.deleteMany({ _id: { $in: some }, endedAt: { $exists: true } }));
    }
  }

  private async deleteOutput(runIds: readonly string[]): Promise<void> {
    for (;;) {
      const chunks = await this.step(({ output }) =>
        output
          .find({ runId: { $in: runIds } }, { _id: 1 })
          .limit(CHUNKS_PER_STEP)
          .maxTimeMS(this.maxTimeMs)
          .lean<{ _id: string }[]>(),
      );
      if (chunks.length === 0) return;
      await this.step(({ output }) => output.deleteMany({ _id: { $in: chunks.map((chunk) => chunk._id) } }));
      if (chunks.length < CHUNKS_PER_STEP) return;
    }
  }

  private async deleteRollups(before: number, limit: number): Promise<void> {
    const old = await this.step(({ rollups }) =>
      rollups
        .find({ hour: { $lt: clampedDate(before) } }, { _id: 1 })
        .limit(limit)
        .maxTimeMS(this.maxTimeMs)
        .lean<{ _id: string }[]>(),
    );
    if (old.length > 0)
      await this.step(({ rollups }) => rollups.deleteMany({ _id: { $in: old.map((rollup) => rollup._id) } }));
  }
}
