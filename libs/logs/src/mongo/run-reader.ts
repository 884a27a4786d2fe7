import { Run, TERMINAL_STATUSES } from '@app/jobs';
import { QueryFilter } from 'mongoose';
import { RunFilter, RunPage, RunQuery } from '../port/history-store.js';
import { decodeCursor, encodeCursor, Position } from '../record/position.js';
import { clampedDate, HistoryModels, RunDocument, toRun } from './documents.js';
import { literalPattern } from './literal-pattern.js';

type Condition = QueryFilter<RunDocument>;

/** Records one page of a text search looks through before it gives out what it has. */
const SEARCH_ROWS = 2_000;
/** Queries at once for a list over many jobs. */
const PARALLEL = 8;

const NEWEST_FIRST = { planTime: -1, _id: -1 } as const;
const OLDEST_FIRST = { planTime: 1, _id: 1 } as const;
type Order = typeof NEWEST_FIRST | typeof OLDEST_FIRST;

/** The record of this id, or undefined. */
export async function findRun({ runs }: HistoryModels, id: string, maxTimeMs: number): Promise<Run | undefined> {
  const document = await runs
    .findOne({ _id: { $eq: id } })
    .maxTimeMS(maxTimeMs)
    .lean<RunDocument>();
  return document ? toRun(document) : undefined;
}

/** One page of the list; see HistoryStore.findRuns. */
export async function findRuns(
  models: HistoryModels,
  query: RunQuery,
  limit: number,
  cursor: string | undefined,
  maxTimeMs: number,
): Promise<RunPage> {
  const order = query.oldestFirst ? OLDEST_FIRST : NEWEST_FIRST;
  const conditions = conditionsOf(query);
  if (cursor !== undefined) conditions.push(...after(decodeCursor(cursor), order));
  const end = query.search ? await endOfSearch(models, conditions, order, maxTimeMs) : undefined;
  if (end) conditions.push(...upTo(end, order));
  if (query.search) conditions.push(containing(query.search));
  const documents = await models.runs
    .find(all(conditions))
    .sort(order)
    .limit(limit + 1)
    .maxTimeMS(maxTimeMs)
    .lean<RunDocument[]>();
  const items = documents.slice(0, limit).map(toRun);
  const next = documents.length > limit ? items.at(-1) : end;
  return { items, nextCursor: next && encodeCursor(next) };
}

/** The newest terminal records of each job; see HistoryStore.findLastRuns. */
export async function findLastRuns(
  { runs }: HistoryModels,
  jobNames: readonly string[],
  perJob: number,
  maxTimeMs: number,
): Promise<ReadonlyMap<string, readonly Run[]>> {
  const names = [...new Set(jobNames)];
  const byJob = new Map<string, readonly Run[]>();
  for (let start = 0; start < names.length; start += PARALLEL) {
    await Promise.all(
      names.slice(start, start + PARALLEL).map(async (jobName) => {
        const documents = await runs
          .find({ jobName: { $eq: jobName }, status: { $in: TERMINAL_STATUSES } })
          .sort(NEWEST_FIRST)
          .limit(perJob)
          .maxTimeMS(maxTimeMs)
          .lean<RunDocument[]>();
        if (documents.length > 0) byJob.set(jobName, documents.map(toRun));
      }),
    );
  }
  return byJob;
}

/** Records of a job that touch [from, to), ascending; see HistoryStore.findFires. */
export async function findFires(
  { runs }: HistoryModels,
  jobName: string,
  from: number,
  to: number,
  limit: number,
  maxTimeMs: number,
): Promise<readonly Run[]> {
  if (from >= to) return [];
  const begin = clampedDate(from);
  const ask = (condition: Condition) =>
    runs
      .find(all([{ jobName: { $eq: jobName } }, condition]))
      .sort(OLDEST_FIRST)
      .limit(limit)
      .maxTimeMS(maxTimeMs)
      .lean<RunDocument[]>();
  const [begunBefore, begunWithin] = await Promise.all([
    ask({ untilTime: { $gte: begin }, planTime: { $lt: begin } }),
    ask({ planTime: { $gte: begin, $lt: clampedDate(to) } }),
  ]);
  return [...begunBefore, ...begunWithin].slice(0, limit).map(toRun);
}

function conditionsOf(filter: RunFilter): Condition[] {
  const conditions: Condition[] = [];
  if (filter.rootRunId !== undefined) conditions.push({ rootRunId: { $eq: filter.rootRunId } });
  if (filter.jobNames) conditions.push({ jobName: { $in: [...new Set(filter.jobNames)] } });
  if (filter.statuses) conditions.push({ status: { $in: [...new Set(filter.statuses)] } });
  if (filter.triggers) conditions.push({ trigger: { $in: [...new Set(filter.triggers)] } });
  if (filter.worker !== undefined) conditions.push({ worker: { $eq: filter.worker } });
  if (filter.from !== undefined) conditions.push({ planTime: { $gte: clampedDate(filter.from) } });
  if (filter.to !== undefined) conditions.push({ planTime: { $lt: clampedDate(filter.to) } });
  return conditions;
}

/** Behind a position in list order. The first condition lets an index begin there; the second is exact. */
function after({ scheduledTime, id }: Position, order: Order): Condition[] {
  const planTime = clampedDate(scheduledTime);
  return order === NEWEST_FIRST
    ? [{ planTime: { $lte: planTime } }, { $or: [{ planTime: { $lt: planTime } }, { planTime, _id: { $lt: id } }] }]
    : [{ planTime: { $gte: planTime } }, { $or: [{ planTime: { $gt: planTime } }, { planTime, _id: { $gt: id } }] }];
}

/** Up to and including a position. */
function upTo({ scheduledTime, id }: Position, order: Order): Condition[] {
  const planTime = clampedDate(scheduledTime);
  return order === NEWEST_FIRST
    ? [{ planTime: { $gte: planTime } }, { $or: [{ planTime: { $gt: planTime } }, { planTime, _id: { $gte: id } }] }]
    : [{ planTime: { $lte: planTime } }, { $or: [{ planTime: { $lt: planTime } }, { planTime, _id: { $lte: id } }] }];
}

/** The last record a search may look at; undefined when fewer are left. */
async function endOfSearch(
  { runs }: HistoryModels,
  conditions: readonly Condition[],
  order: Order,
  maxTimeMs: number,
): Promise<Position | undefined> {
  const [last] = await runs
    .find(all(conditions), { planTime: 1 })
    .sort(order)
    .skip(SEARCH_ROWS - 1)
    .limit(1)
    .maxTimeMS(maxTimeMs)
    .lean<RunDocument[]>();
  return last && { scheduledTime: last.planTime.getTime(), id: last._id };
}

function containing(text: string): Condition {
  const found = { $regex: literalPattern(text) };
  return { $or: [{ jobName: found }, { reason: found }, { output: found }, { err: found }] };
}

function all(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? {} : { $and: [...conditions] };
}
