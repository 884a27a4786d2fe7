import { HourlyRollup, RollupQuery } from '../port/history-store.js';
import { Countable, computeRollup } from '../rollup/compute-rollup.js';
import { HOUR_MS } from '../rollup/hours.js';
import { isAtLeast, mergeRollups } from '../rollup/merge-rollups.js';
import { readRollup } from '../rollup/stored-rollup.js';
import { idOf, JobHour, markDirty } from './dirty-hours.js';
import { clampedDate, DirtyDocument, HistoryModels, RollupDocument, RunDocument } from './documents.js';

/** Name under which the roll-up of all jobs together is kept; no job has it. */
const ALL_JOBS = '';

/** Recomputes one dirty roll-up, of a job if there is one, else of all jobs together; false when none is dirty. */
export async function recomputeOne(models: HistoryModels, maxTimeMs: number): Promise<boolean> {
  const dirty =
    (await firstDirty(models, { jobName: { $gt: ALL_JOBS } }, maxTimeMs)) ??
    (await firstDirty(models, { jobName: { $eq: ALL_JOBS } }, maxTimeMs));
  if (dirty === undefined) return false;
  const { jobName } = dirty;
  const hour = dirty.hour.getTime();
  if (jobName === ALL_JOBS) {
    await store(models, { ...(await mergedHour(models, hour, maxTimeMs)), jobName, hour });
  } else {
    const rollup = computeRollup(jobName, hour, await touching(models, { jobName, hour }, maxTimeMs));
    if (isAtLeast(rollup, await stored(models, { jobName, hour }, maxTimeMs))) await store(models, rollup);
    await markDirty(models, [{ jobName: ALL_JOBS, hour }]);
  }
  // A mark that grew since stays, for what was written meanwhile may not be counted.
  await models.dirty.deleteOne({ _id: { $eq: dirty._id }, marks: { $eq: dirty.marks } }).maxTimeMS(maxTimeMs);
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

async function firstDirty(
  { dirty }: HistoryModels,
  condition: { jobName: object },
  maxTimeMs: number,
): Promise<DirtyDocument | undefined> {
  return (await dirty.findOne(condition).maxTimeMS(maxTimeMs).lean<DirtyDocument>()) ?? undefined;
}

async function touching({ runs }: HistoryModels, { jobName, hour }: JobHour, maxTimeMs: number): Promise<Countable[]> {
  const [begin, end] = [new Date(hour), new Date(hour + HOUR_MS)];
  const fields = { status: 1, trigger: 1, planTime: 1, untilTime: 1, count: 1, startTime: 1, endTime: 1, exitCode: 1 };
  const ask = (condition: object) =>
    runs
      .find({ jobName: { $eq: jobName }, ...condition }, fields)
      .maxTimeMS(maxTimeMs)
      .lean<RunDocument[]>();
  const [within, reaching] = await Promise.all([
    ask({ planTime: { $gte: begin, $lt: end } }),
    ask({ untilTime: { $gte: begin }, planTime: { $lt: begin } }),
  ]);
  return [...within, ...reaching].map((document) => ({
    status: document.status,
    trigger: document.trigger,
    scheduledTime: document.planTime.getTime(),
    untilTime: document.untilTime?.getTime(),
    count: document.count,
    startTime: document.startTime?.getTime(),
    endTime: document.endTime?.getTime(),
    exitCode: document.exitCode,
  }));
}

/** One roll-up at a time in memory, however many jobs there are. */
async function mergedHour({ rollups }: HistoryModels, hour: number, maxTimeMs: number) {
  const cursor = rollups
    .find({ hour: { $eq: new Date(hour) }, jobName: { $gt: ALL_JOBS } })
    .maxTimeMS(maxTimeMs)
    .lean<RollupDocument>()
    .cursor();
  let total = mergeRollups([]);
  for await (const document of cursor) total = mergeRollups([total, toRollup(document as RollupDocument)]);
  return total;
}

async function stored({ rollups }: HistoryModels, hour: JobHour, maxTimeMs: number): Promise<HourlyRollup | undefined> {
  const document = await rollups
    .findOne({ _id: { $eq: idOf(hour) } })
    .maxTimeMS(maxTimeMs)
    .lean<RollupDocument>();
  return document ? toRollup(document) : undefined;
}

async function store({ rollups }: HistoryModels, rollup: HourlyRollup): Promise<void> {
  const document = { ...rollup, hour: new Date(rollup.hour) };
  await rollups.collection.replaceOne({ _id: idOf(rollup) } as never, document as never, { upsert: true });
}

function toRollup({ _id, hour, ...rest }: RollupDocument): HourlyRollup {
  return readRollup({ ...rest, hour: hour.getTime() });
}
