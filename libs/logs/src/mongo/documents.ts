import { Run, RunStatus, RunTrigger } from '@app/jobs';
import { Connection, Model, mongo, Schema } from 'mongoose';
import { OutputChunk } from '../port/history-store.js';
import { endedAt } from '../record/ended-at.js';
import { StoredRollup } from '../rollup/stored-rollup.js';

/**
 * A run as MongoDB keeps it. The names `jobName command err output planTime scheduleTime startTime endTime` are the
 * established ones of this kind of system (planTime = scheduledTime, scheduleTime = claimedAt); the others are ours.
 */
export interface RunDocument {
  readonly _id: string;
  readonly jobName: string;
  readonly command?: string;
  readonly err?: string;
  readonly output?: string;
  readonly planTime: Date;
  readonly notBefore?: Date;
  readonly scheduleTime?: Date;
  readonly startTime?: Date;
  readonly endTime?: Date;
  readonly untilTime?: Date;
  readonly count: number;
  readonly trigger: RunTrigger;
  readonly status: RunStatus;
  readonly reason?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly outputBytes?: number;
  readonly outputTruncated?: boolean;
  readonly worker?: string;
  readonly workerIp?: string;
  readonly attempt: number;
  readonly rootRunId: string;
  readonly shard?: number;
  readonly params?: Readonly<Record<string, string>>;
  readonly requestedBy?: string;
  readonly fence?: string;
  readonly jobRevision?: number;
  readonly killedBy?: string;
  readonly late?: boolean;
  /** Only on ended runs: endTime, or planTime of what never ran. Retention goes by it. */
  readonly endedAt?: Date;
}

/** A chunk of output; `_id` is run id and seq. */
export interface OutputDocument extends Omit<OutputChunk, 'at' | 'data'> {
  readonly _id: string;
  readonly at: Date;
  readonly gzipped: boolean;
  readonly data: mongo.Binary;
}

/** A roll-up; `_id` is hour and job. */
export interface RollupDocument extends Omit<StoredRollup, 'hour'> {
  readonly _id: string;
  readonly hour: Date;
}

/** A roll-up to be recomputed. `marks` grows with every write, so that one made meanwhile is not lost. */
export interface DirtyDocument {
  readonly _id: string;
  readonly jobName: string;
  readonly hour: Date;
  readonly marks: number;
}

/** Roll-ups to be recomputed as a batch of records left them: not yet marks. */
export interface NoteDocument {
  readonly _id: mongo.ObjectId;
  readonly hours: readonly { readonly hour: Date; readonly jobNames: readonly string[] }[];
}

/** The collections, each behind its model. */
export interface HistoryModels {
  readonly runs: Model<RunDocument>;
  readonly output: Model<OutputDocument>;
  readonly rollups: Model<RollupDocument>;
  readonly dirty: Model<DirtyDocument>;
  readonly notes: Model<NoteDocument>;
}

const runSchema = collection<RunDocument>('runs', {
  _id: String,
  jobName: String,
  command: String,
  err: String,
  output: String,
  planTime: Date,
  notBefore: Date,
  scheduleTime: Date,
  startTime: Date,
  endTime: Date,
  untilTime: Date,
  count: Number,
  trigger: String,
  status: String,
  reason: String,
  exitCode: Number,
  signal: String,
  outputBytes: Number,
  outputTruncated: Boolean,
  worker: String,
  workerIp: String,
  attempt: Number,
  rootRunId: String,
  shard: Number,
  params: Object,
  requestedBy: String,
  fence: String,
  jobRevision: Number,
  killedBy: String,
  late: Boolean,
  endedAt: Date,
})
  .index({ planTime: -1, _id: -1 })
  .index({ jobName: 1, planTime: -1, _id: -1 })
  .index({ jobName: 1, status: 1, planTime: -1, _id: -1 })
  .index({ status: 1, planTime: -1, _id: -1 })
  .index({ worker: 1, planTime: -1, _id: -1 })
  .index({ trigger: 1, planTime: -1, _id: -1 })
  .index({ rootRunId: 1, planTime: -1, _id: -1 })
  .index({ jobName: 1, untilTime: 1 }, { partialFilterExpression: { untilTime: { $exists: true } } })
  .index({ endedAt: 1 }, { sparse: true });

const outputSchema = collection<OutputDocument>('run_output', {
  _id: String,
  runId: String,
  jobName: String,
  seq: Number,
  stream: String,
  at: Date,
  offset: Number,
  cutBefore: Number,
  gzipped: Boolean,
  data: Buffer,
}).index({ runId: 1, seq: 1 });

const rollupSchema = collection<RollupDocument>('run_rollups', {
  _id: String,
  jobName: String,
  hour: Date,
  counts: Object,
  durations: Object,
  durationSumMs: Number,
  durationMaxMs: Number,
  lateness: Object,
  latenessMaxMs: Number,
})
  .index({ jobName: 1, hour: 1 })
  .index({ hour: 1, jobName: 1 });

const dirtySchema = collection<DirtyDocument>('run_rollups_dirty', {
  _id: String,
  jobName: String,
  hour: Date,
  marks: Number,
}).index({ jobName: 1 });

const noteSchema = collection<NoteDocument>('run_rollups_notes', { _id: Schema.Types.ObjectId, hours: Array });

/** The models of one connection. */
export function historyModels(connection: Connection): HistoryModels {
  return {
    runs: connection.model<RunDocument>('Run', runSchema),
    output: connection.model<OutputDocument>('RunOutput', outputSchema),
    rollups: connection.model<RollupDocument>('RunRollup', rollupSchema),
    dirty: connection.model<DirtyDocument>('RunRollupDirty', dirtySchema),
    notes: connection.model<NoteDocument>('RunRollupNote', noteSchema),
  };
}

/** Every field is named, so that none is forgotten; and a literal is made several times as fast as a spread. */
type Complete<T> = { readonly [Field in keyof Required<T>]: T[Field] };

/** To be written with `ignoreUndefined`: fields that are undefined are left out, not stored as null. */
export function toRunDocument(run: Run): RunDocument {
  const document: Complete<RunDocument> = {
    _id: run.id,
    jobName: run.jobName,
    command: run.command,
    err: run.err,
    output: run.output,
    planTime: new Date(run.scheduledTime),
    notBefore: toDate(run.notBefore),
    scheduleTime: toDate(run.claimedAt),
    startTime: toDate(run.startTime),
    endTime: toDate(run.endTime),
    untilTime: toDate(run.untilTime),
    count: run.count,
    trigger: run.trigger,
    status: run.status,
    reason: run.reason,
    exitCode: run.exitCode,
    signal: run.signal,
    outputBytes: run.outputBytes,
    outputTruncated: run.outputTruncated,
    worker: run.worker,
    workerIp: run.workerIp,
    attempt: run.attempt,
    rootRunId: run.rootRunId,
    shard: run.shard,
    params: run.params,
    requestedBy: run.requestedBy,
    fence: run.fence,
    jobRevision: run.jobRevision,
    killedBy: run.killedBy,
    late: run.late,
    endedAt: toDate(endedAt(run)),
  };
  return document;
}

export function toRun(document: RunDocument): Run {
  const {
    _id,
    planTime,
    notBefore,
    scheduleTime,
    startTime,
    endTime,
    untilTime,
    endedAt: _endedAt,
    ...rest
  } = document;
  return withoutUndefined({
    ...rest,
    id: _id,
    scheduledTime: planTime.getTime(),
    notBefore: notBefore?.getTime(),
    claimedAt: scheduleTime?.getTime(),
    startTime: startTime?.getTime(),
    endTime: endTime?.getTime(),
    untilTime: untilTime?.getTime(),
  });
}

/** An instant as a Date, at the end of what a Date can say if it lies beyond. */
export function clampedDate(instant: number): Date {
  return new Date(Math.max(-8.64e15, Math.min(8.64e15, instant)));
}

function toDate(instant: number | undefined): Date | undefined {
  return instant === undefined ? undefined : new Date(instant);
}

function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** No version key, no buffering of calls while the server is away, and nothing created behind our back. */
function collection<T>(name: string, fields: Record<keyof T, unknown>): Schema<T> {
  return new Schema<T>(fields as never, {
    collection: name,
    versionKey: false,
    bufferCommands: false,
    autoCreate: false,
    autoIndex: false,
  });
}
