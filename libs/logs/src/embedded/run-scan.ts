import { RunFilter } from '../port/history-store.js';
import { Position } from '../record/position.js';
import { Bound, HistoryFile } from './history-file.js';
import { Span } from './run-span.js';

/** A row found by a scan. */
export interface Found extends Position {
  readonly rowid: number;
}

/** What a bounded walk found. */
export interface Scanned {
  /** In list order. */
  readonly found: readonly Found[];
  /** Everything up to and including here was looked at; undefined: there is nothing more. */
  readonly lookedUpTo?: Position;
}

/** One walk along an index whose leading columns are fixed to these values. */
interface Walk {
  readonly index: string;
  readonly where: string;
  readonly values: readonly Bound[];
}

/** A condition the index does not answer; looked at row by row. */
interface Condition {
  readonly sql: string;
  readonly values: readonly Bound[];
}

/** More walks than this to merge are slower than looking at every row. */
const MAX_WALKS = 64;

/**
 * Walks a span of the history in its order, at most `maxFound` hits and about `maxRows` rows far, so that no filter
 * can make a list slow: what is left is told by `lookedUpTo`, and the next page goes on from there.
 *
 * A filter on several values (three jobs, two statuses) is one walk per value, merged: each is in order by itself.
 */
export function scanRuns(file: HistoryFile, filter: RunFilter, span: Span, maxFound: number, maxRows: number): Scanned {
  const { walks, conditions } = planScan(filter);
  const rowsPerWalk = Math.max(200, Math.ceil(maxRows / Math.max(1, walks.length)));
  const parts = walks.map((walk) => walkIndex(file, walk, conditions, span, maxFound, rowsPerWalk));
  return mergeWalks(parts, span, maxFound);
}

function walkIndex(
  file: HistoryFile,
  walk: Walk,
  conditions: readonly Condition[],
  { where, bounds: ends, order }: Span,
  maxFound: number,
  maxRows: number,
): Scanned {
  const range = `FROM runs INDEXED BY ${walk.index}
    WHERE ${walk.where} AND ${where}
    ORDER BY scheduled_time ${order}, id ${order} LIMIT ?`;
  const bounds = [...walk.values, ...ends];
  const position = 'rowid, scheduled_time AS scheduledTime, id';
  if (conditions.length === 0) {
    const found = file.all<Found>(`SELECT ${position} ${range}`, ...bounds, maxFound);
    return { found, lookedUpTo: found.length === maxFound ? found.at(-1) : undefined };
  }
  const found = file.all<Found>(
    `SELECT rowid, scheduledTime, id FROM (SELECT ${position}, job_name, status, worker, trigger ${range})
     WHERE ${conditions.map((condition) => condition.sql).join(' AND ')}
     ORDER BY scheduledTime ${order}, id ${order} LIMIT ?`,
    ...bounds,
    maxRows,
    ...conditions.flatMap((condition) => condition.values),
    maxFound,
  );
  if (found.length === maxFound) return { found, lookedUpTo: found.at(-1) };
  const cut = file.get<Position>(
    `SELECT scheduled_time AS scheduledTime, id ${range} OFFSET ?`,
    ...bounds,
    1,
    maxRows - 1,
  );
  return { found, lookedUpTo: cut };
}

/** Only as far as every walk has come is the merged order complete. */
function mergeWalks(parts: readonly Scanned[], { compare }: Span, maxFound: number): Scanned {
  const [end] = parts.flatMap((part) => part.lookedUpTo ?? []).sort(compare);
  const all = parts.flatMap((part) => part.found).sort(compare);
  const complete = end === undefined ? all : all.filter((found) => compare(found, end) <= 0);
  if (complete.length <= maxFound) return { found: complete, lookedUpTo: end };
  const found = complete.slice(0, maxFound);
  return { found, lookedUpTo: found.at(-1) };
}

/** The most telling field leads; an index serves it, the others become conditions. */
function planScan(filter: RunFilter): { walks: readonly Walk[]; conditions: readonly Condition[] } {
  const jobs = unique(filter.jobNames);
  const statuses = unique(filter.statuses);
  const triggers = unique(filter.triggers);
  const worker = filter.worker === undefined ? undefined : [filter.worker];
  const byJob = isIn('job_name', jobs);
  const byStatus = isIn('status', statuses);
  const byWorker = isIn('worker', worker);
  const byTrigger = isIn('trigger', triggers);

  if (filter.rootRunId !== undefined) {
    // The first attempt has its own id as root and is found by that.
    const first = {
      index: 'sqlite_autoindex_runs_1',
      where: 'id = ? AND root_run_id = id',
      values: [filter.rootRunId],
    };
    const others = {
      index: 'runs_by_root',
      where: 'root_run_id = ? AND root_run_id <> id',
      values: [filter.rootRunId],
    };
    return { walks: [first, others], conditions: [...byJob, ...byStatus, ...byWorker, ...byTrigger] };
  }
  if (jobs && statuses && jobs.length * statuses.length <= MAX_WALKS) {
    const walks = jobs.flatMap((job) =>
      statuses.map((status) => ({
        index: 'runs_by_job_status',
        where: 'job_name = ? AND status = ?',
        values: [job, status],
      })),
    );
    return { walks, conditions: [...byWorker, ...byTrigger] };
  }
  if (jobs && jobs.length <= MAX_WALKS) {
    return {
      walks: walksBy('runs_by_job', 'job_name = ?', jobs),
      conditions: [...byStatus, ...byWorker, ...byTrigger],
    };
  }
  if (worker) {
    return {
      walks: walksBy('runs_by_worker', 'worker = ?', worker),
      conditions: [...byJob, ...byStatus, ...byTrigger],
    };
  }
  if (triggers && !triggers.includes('schedule')) {
    const where = "trigger = ? AND trigger <> 'schedule'";
    return { walks: walksBy('runs_by_trigger', where, triggers), conditions: [...byJob, ...byStatus] };
  }
  if (statuses) {
    return { walks: walksBy('runs_by_status', 'status = ?', statuses), conditions: [...byJob, ...byTrigger] };
  }
  return { walks: [{ index: 'runs_by_time', where: 'TRUE', values: [] }], conditions: [...byJob, ...byTrigger] };
}

function walksBy(index: string, where: string, values: readonly string[]): readonly Walk[] {
  return values.map((value) => ({ index, where, values: [value] }));
}

/** As one JSON parameter, so that the statement is the same however many values there are. */
function isIn(column: string, values: readonly string[] | undefined): readonly Condition[] {
  if (values === undefined) return [];
  return [{ sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] }];
}

function unique<T extends string>(values: readonly T[] | undefined): readonly T[] | undefined {
  return values && [...new Set(values)];
}
