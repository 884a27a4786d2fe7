import type { OutputStream, Run, RunStatus, RunTrigger } from '@app/jobs';
import type { Distribution } from '../rollup/distribution.js';
import type { RollupPace } from '../rollup/rollup-pace.js';

/** A piece of one run's output as it is kept. `_id` in the store is run id and `seq`. */
export interface OutputChunk {
  readonly runId: string;
  readonly jobName: string;
  /** Ascending per run, 0 and up, over both streams. */
  readonly seq: number;
  readonly stream: OutputStream;
  /** Epoch milliseconds at which it was read. */
  readonly at: number;
  /** Offset of its first byte in its stream, counting what was cut. */
  readonly offset: number;
  /** Bytes of the stream left out immediately before it. */
  readonly cutBefore: number;
  readonly data: Buffer;
}

/**
 * Filters of a list of runs; all given ones must hold, and an empty list of values holds for nothing. Instants are epoch
 * milliseconds.
 */
export interface RunFilter {
  readonly jobNames?: readonly string[];
  readonly statuses?: readonly RunStatus[];
  readonly worker?: string;
  readonly triggers?: readonly RunTrigger[];
  /** On `scheduledTime`, inclusive. */
  readonly from?: number;
  /** On `scheduledTime`, exclusive. */
  readonly to?: number;
  /** Literal text, found case-insensitively in the job name, the reason or the kept ends of the output. */
  readonly search?: string;
  readonly rootRunId?: string;
}

/** A list of runs: newest scheduled time first, then id descending, or the other way round. */
export interface RunQuery extends RunFilter {
  readonly oldestFirst?: boolean;
}

/**
 * Part of a list. A page looks at a bounded part of the history: where a filter or a
 * search finds little, it may hold fewer than `limit`, even none, and still have a `nextCursor` to go on with.
 */
export interface RunPage {
  readonly items: readonly Run[];
  /** Opaque; undefined on the last page. Runs written meanwhile neither repeat nor hide others. */
  readonly nextCursor?: string;
}

export interface OutputQuery {
  readonly stream?: OutputStream;
  /** Only chunks with `seq` at or after it. */
  readonly fromSeq?: number;
  /** Only chunks with `seq` before it, and the last of them first. */
  readonly beforeSeq?: number;
  /** Chunks, 1 to 1,000; 200 unless given. */
  readonly limit?: number;
}

/** What one hour of one job came to. Recomputed whole when dirty, never incremented. */
export interface HourlyRollup {
  readonly jobName: string;
  /** Start of the hour, epoch milliseconds; runs are counted by scheduledTime. */
  readonly hour: number;
  /** Number of fires and runs per terminal status (a stretch counts each of its fires that falls into the hour). */
  readonly counts: Readonly<Partial<Record<RunStatus, number>>>;
  /** How long runs took that came to their own end. */
  readonly durations: Distribution;
  readonly durationSumMs: number;
  readonly durationMaxMs: number;
  /** From the scheduled time to the start, of all that started by schedule. */
  readonly lateness: Distribution;
  readonly latenessMaxMs: number;
}

export interface RollupQuery {
  /** undefined: all jobs together, one roll-up per hour with `jobName: ''`. */
  readonly jobName?: string;
  /** Inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface RetentionRule {
  /** Delete ended runs whose endTime (for fires that never ran their scheduledTime, of a stretch the last) is before it. */
  readonly before: number;
  /** Keep at most this many ended runs per job; undefined: any number. */
  readonly keepPerJob?: number;
  /**
   * `keepPerJob` leaves alone what is scheduled at or after it, so that an hour that is still being counted stays whole;
   * undefined: it may delete of any time.
   */
  readonly keepFrom?: number;
  /** Delete roll-ups of hours that start before it as well; undefined: none. */
  readonly rollupsBefore?: number;
  /** Delete at most this many runs in one call, so that a call stays short. */
  readonly limit: number;
}

/**
 * Run records and output, kept for long. Adapters: MongoDB and an embedded SQLite file; one contract suite runs over
 * both. Every call throws StoreUnavailable when the store does not do it within its deadline; writes throw
 * HistoryRefused when it will never take them. Repeating a write is safe.
 */
export interface HistoryStore {
  /**
   * Inserts the runs; where an id exists, replaces it only if the status does not go backwards (queued < running <
   * terminal; of two terminal ones the first stays, but for a `late` correction of `lost`). Replays change nothing.
   */
  writeRuns(runs: readonly Run[]): Promise<void>;
  /** Inserts the chunks; those already there are left as they are. */
  writeOutput(chunks: readonly OutputChunk[]): Promise<void>;

  findRun(id: string): Promise<Run | undefined>;
  /** Throws InvalidInput for a forged cursor. `limit` 1 to 500. A cursor belongs to the query that gave it out. */
  findRuns(query: RunQuery, limit: number, cursor?: string): Promise<RunPage>;
  /** The newest terminal run of each job, for lists; jobs without one are absent. */
  findLastRuns(jobNames: readonly string[], perJob: number): Promise<ReadonlyMap<string, readonly Run[]>>;
  /** All records of a job that touch [from, to), ascending by scheduledTime; stretches included by overlap. */
  findFires(jobName: string, from: number, to: number, limit: number): Promise<readonly Run[]>;
  /** Chunks ascending by seq (descending with `beforeSeq`). May give fewer than asked for when they are large; an empty answer is the end. */
  findOutput(runId: string, query: OutputQuery): Promise<readonly OutputChunk[]>;

  /**
   * Recomputes up to `limit` dirty (job, hour) roll-ups, then the hours of all jobs together; returns how many it did,
   * so that 0 means all are fresh, but for those that `pace` lets rest. A roll-up never counts less than before: what
   * retention deleted stays counted.
   */
  recomputeRollups(limit: number, pace?: RollupPace): Promise<number>;
  findRollups(query: RollupQuery): Promise<readonly HourlyRollup[]>;

  /**
   * Deletes ended runs and their output by the rule, oldest first; returns how many runs. Never touches a live one. For
   * `keepPerJob` one call looks at a bounded number of jobs and the next goes on from there.
   */
  deleteExpired(rule: RetentionRule): Promise<number>;
  /** Throws StoreUnavailable when the store cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
