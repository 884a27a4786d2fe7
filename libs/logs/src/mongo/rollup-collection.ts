import { HourlyRollup, RollupQuery } from '../port/history-store.js';
import { Countable, RollupTally } from '../rollup/compute-rollup.js';
import { ALL_JOBS, HOUR_MS, JobHour } from '../rollup/hours.js';
import { isAtLeast, mergeRollups } from '../rollup/merge-rollups.js';
import { RollupPace } from '../rollup/rollup-pace.js';
import { readRollup } from '../rollup/stored-rollup.js';
import { idOf, markDirty } from './dirty-hours.js';
import { clampedDate, DirtyDocument, HistoryModels, RollupDocument, RunDocument } from './documents.js';

/** Records that come at once: few enough that others get their turn meanwhile. */
const RECORDS_PER_BATCH = 1_000;
/** Marks looked through in one step for those whose turn it is. */
const MARKS_PER_STEP = 100;

/** What a step did, and the id of the mark it went as far as; none when it has seen them all. */
export interface RollupStep {
  readonly done: number;
  readonly upTo: string | undefined;
}

/** How long somebody waits for a step. */
export interface Patience {
  /** Milliseconds after which the server gives up on a query. */
  readonly maxTimeMs: number;
  /** Aborted when nobody waits any more: what has not been read by then would only burden a server that is slow. */
  readonly signal: AbortSignal;
}

/** Recomputes up to `limit` dirty roll-ups of jobs whose marks come after `after`, but for those that rest. */
export async function recomputeJobs(
  models: HistoryModels,
  after: string,
  limit: number,
  pace: RollupPace | undefined,
  patience: Patience,
): Promise<RollupStep> {
  const marks = await dirtyMarks(models, { _id: { $gt: after }, jobName: { $gt: ALL_JOBS } }, patience.maxTimeMs);
  const due = marks.filter((mark) => !pace?.isResting(jobHourOf(mark))).slice(0, limit);
  if (due.length > 0) await recompute(models, due, pace, patience);
  if (due.length === limit) return { done: limit, upTo: due.at(-1)?._id };
  return { done: due.length, upTo: marks.length < MARKS_PER_STEP ? undefined : marks.at(-1)?._id };
}

/** Recomputes the roll-up of all jobs together of one dirty hour; false when none is dirty, but for those that rest. */
export async function recomputeAllJobs(
  models: HistoryModels,
  pace: RollupPace | undefined,
  patience: Patience,
): Promise<boolean> {
  const marks = await dirtyMarks(models, { jobName: { $eq: ALL_JOBS } }, patience.maxTimeMs);
  const mark = marks.find((each) => !pace?.isResting(jobHourOf(each)));
  if (!mark) return false;
  const of = jobHourOf(mark);
  const { total, jobs } = await mergedHour(models, of.hour, patience);
  await store(models, [{ ...total, ...of }]);
  await unmark(models, [mark]);
  pace?.counted(of, jobs);
  return true;
}

/** Roll-ups by ascending hour. */
export async function findRollups(
  { rollups }: HistoryModels,
  { jobName = ALL_JOBS, from, to }: RollupQuery,
  maxTimeMs: number,
): Promise<readonly HourlyRollup[]> {
  const documents = await rollups
    .find({ jobName: { $eq: jobName }, hour: { $gte: clampedDate(from), $lt: clampedDate(to) } })
    .sort({ hour: 1 })
    .maxTimeMS(maxTimeMs)
    .lean<RollupDocument[]>();
  return documents.map(toRollup);
}

async function recompute(
  models: HistoryModels,
  marks: readonly DirtyDocument[],
  pace: RollupPace | undefined,
  { maxTimeMs, signal }: Patience,
): Promise<void> {
  const tallies = new Map(marks.map((mark) => [mark._id, new RollupTally(jobHourOf(mark))]));
  for (const [hour, jobNames] of namesByHour(tallies.values())) {
    for (const condition of touching(hour)) {
      const cursor = models.runs
        .find({ jobName: { $in: jobNames }, ...condition }, COUNTED_FIELDS)
        .batchSize(RECORDS_PER_BATCH)
        .maxTimeMS(maxTimeMs)
        .lean<RunDocument>()
        .cursor();
      for await (const document of cursor) {
        signal.throwIfAborted();
        const { jobName } = document as RunDocument;
        tallies.get(idOf({ jobName, hour }))?.add(toCountable(document as RunDocument));
      }
    }
  }
  const before = await stored(models, [...tallies.keys()], maxTimeMs);
  const next = [...tallies].map(([id, { rollup }]) => ({ id, rollup }));
  await store(
    models,
    next.filter(({ id, rollup }) => isAtLeast(rollup, before.get(id))).map(({ rollup }) => rollup),
  );
  await markDirty(
    models,
    [...tallies.values()].map(({ of: { hour } }) => ({ jobName: ALL_JOBS, hour })),
  );
  await unmark(models, marks);
  for (const { of, records } of tallies.values()) pace?.counted(of, records);
}

function namesByHour(tallies: Iterable<RollupTally>): Map<number, string[]> {
  const byHour = new Map<number, string[]>();
  for (const { of } of tallies) byHour.set(of.hour, [...(byHour.get(of.hour) ?? []), of.jobName]);
  return byHour;
}

async function dirtyMarks(
  { dirty }: HistoryModels,
  condition: object,
  maxTimeMs: number,
): Promise<readonly DirtyDocument[]> {
  return dirty.find(condition).sort({ _id: 1 }).limit(MARKS_PER_STEP).maxTimeMS(maxTimeMs).lean<DirtyDocument[]>();
}

/** A mark that grew since stays, for what was written meanwhile may not be counted. */
async function unmark({ dirty }: HistoryModels, marks: readonly DirtyDocument[]): Promise<void> {
  const operations = marks.map(({ _id, marks }) => ({ deleteOne: { filter: { _id, marks } } }));
  await dirty.collection.bulkWrite(operations as never, { ordered: false });
}

const COUNTED_FIELDS = {
  jobName: 1,
  ...{ status: 1, trigger: 1, planTime: 1, untilTime: 1, count: 1, startTime: 1, endTime: 1, exitCode: 1 },
};

/** Records within an hour, and those that reach into it from before. */
function touching(hour: number): readonly object[] {
  const [begin, end] = [new Date(hour), new Date(hour + HOUR_MS)];
  return [{ planTime: { $gte: begin, $lt: end } }, { untilTime: { $gte: begin }, planTime: { $lt: begin } }];
}

function toCountable(document: RunDocument): Countable {
  return {
    status: document.status,
    trigger: document.trigger,
    scheduledTime: document.planTime.getTime(),
    untilTime: document.untilTime?.getTime(),
    count: document.count,
    startTime: document.startTime?.getTime(),
    endTime: document.endTime?.getTime(),
    exitCode: document.exitCode,
  };
}

/** One roll-up at a time in memory, however many jobs there are. */
async function mergedHour({ rollups }: HistoryModels, hour: number, { maxTimeMs, signal }: Patience) {
  const cursor = rollups
    .find({ hour: { $eq: new Date(hour) }, jobName: { $gt: ALL_JOBS } })
    .maxTimeMS(maxTimeMs)
    .lean<RollupDocument>()
    .cursor();
  let total = mergeRollups([]);
  let jobs = 0;
  for await (const document of cursor) {
    signal.throwIfAborted();
    total = mergeRollups([total, toRollup(document as RollupDocument)]);
    jobs += 1;
  }
  return { total, jobs };
}

async function stored(
  { rollups }: HistoryModels,
  ids: readonly string[],
  maxTimeMs: number,
): Promise<ReadonlyMap<string, HourlyRollup>> {
  const documents = await rollups
    .find({ _id: { $in: ids } })
    .maxTimeMS(maxTimeMs)
    .lean<RollupDocument[]>();
  return new Map(documents.map((document) => [document._id, toRollup(document)]));
}

async function store({ rollups }: HistoryModels, fresh: readonly HourlyRollup[]): Promise<void> {
  if (fresh.length === 0) return;
  const operations = fresh.map((rollup) => ({
    replaceOne: {
      filter: { _id: idOf(rollup) },
      replacement: { ...rollup, hour: new Date(rollup.hour) },
      upsert: true,
    },
  }));
  await rollups.collection.bulkWrite(operations as never, { ordered: false });
}

function jobHourOf({ jobName, hour }: DirtyDocument): JobHour {
  return { jobName, hour: hour.getTime() };
}

function toRollup({ _id, hour, ...rest }: RollupDocument): HourlyRollup {
  return readRollup({ ...rest, hour: hour.getTime() });
}
