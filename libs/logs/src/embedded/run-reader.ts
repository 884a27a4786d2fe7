import { Run, TERMINAL_STATUSES } from '@app/jobs';
import { RunPage, RunQuery } from '../port/history-store.js';
import { decodeCursor, encodeCursor } from '../record/position.js';
import { matchesSearch } from '../record/search.js';
import { breathe, HistoryFile } from './history-file.js';
import { Found, Scanned, scanRuns } from './run-scan.js';
import { spanOf } from './run-span.js';

interface DocRow {
  readonly doc: string;
}

/** Rows one page looks at before it gives out what it has: some 20 ms. */
const SCAN_ROWS = 10_000;
/** A text search reads whole records, so it looks at fewer. */
const SEARCH_ROWS = 1_000;

const TERMINAL = TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ');

/** The record of this id, or undefined. */
export function findRun(file: HistoryFile, id: string): Run | undefined {
  return parseRow(file.get<DocRow>('SELECT doc FROM runs WHERE id = ?', id));
}

/** One page of the list; see HistoryStore.findRuns. */
export async function findRuns(file: HistoryFile, query: RunQuery, limit: number, cursor?: string): Promise<RunPage> {
  const span = spanOf(query, cursor === undefined ? undefined : decodeCursor(cursor));
  if (query.search) {
    const scanned = scanRuns(file, query, span, SEARCH_ROWS, SCAN_ROWS);
    return searchIn(file, scanned, query.search, limit);
  }
  const scanned = scanRuns(file, query, span, limit + 1, SCAN_ROWS);
  const items = scanned.found.slice(0, limit).map((found) => readDoc(file, found));
  const next = scanned.found.length > limit ? scanned.found[limit - 1] : scanned.lookedUpTo;
  return { items, nextCursor: next && encodeCursor(next) };
}

async function searchIn(file: HistoryFile, scanned: Scanned, text: string, limit: number): Promise<RunPage> {
  const items: Run[] = [];
  for (const [looked, found] of scanned.found.entries()) {
    if (looked % 200 === 199) await breathe();
    const run = parseRow(file.get<DocRow>('SELECT doc FROM runs WHERE rowid = ?', found.rowid));
    if (!run || !matchesSearch(run, text)) continue;
    items.push(run);
    if (items.length === limit) return { items, nextCursor: encodeCursor(found) };
  }
  return { items, nextCursor: scanned.lookedUpTo && encodeCursor(scanned.lookedUpTo) };
}

/** The newest terminal records of each job; see HistoryStore.findLastRuns. */
export async function findLastRuns(
  file: HistoryFile,
  jobNames: readonly string[],
  perJob: number,
): Promise<ReadonlyMap<string, readonly Run[]>> {
  const byJob = new Map<string, readonly Run[]>();
  for (const [asked, jobName] of [...new Set(jobNames)].entries()) {
    if (asked % 100 === 99) await breathe();
    const rows = file.all<DocRow>(
      `SELECT doc FROM runs INDEXED BY runs_by_job WHERE job_name = ? AND status IN (${TERMINAL})
       ORDER BY scheduled_time DESC, id DESC LIMIT ?`,
      jobName,
      perJob,
    );
    if (rows.length > 0) byJob.set(jobName, rows.map(parse));
  }
  return byJob;
}

/** Records of a job that touch [from, to), ascending; see HistoryStore.findFires. */
export function findFires(file: HistoryFile, jobName: string, from: number, to: number, limit: number): readonly Run[] {
  const begunBefore = file.all<DocRow>(
    `SELECT doc FROM runs INDEXED BY runs_stretches
     WHERE job_name = ? AND until_time IS NOT NULL AND until_time >= ? AND scheduled_time < ? AND ? < ?
     ORDER BY scheduled_time, id LIMIT ?`,
    jobName,
    from,
    from,
    from,
    to,
    limit,
  );
  const begunWithin = file.all<DocRow>(
    `SELECT doc FROM runs INDEXED BY runs_by_job WHERE job_name = ? AND scheduled_time >= ? AND scheduled_time < ?
     ORDER BY scheduled_time, id LIMIT ?`,
    jobName,
    from,
    to,
    limit - begunBefore.length,
  );
  return [...begunBefore, ...begunWithin].map(parse);
}

function readDoc(file: HistoryFile, found: Found): Run {
  return parse(file.get<DocRow>('SELECT doc FROM runs WHERE rowid = ?', found.rowid) as DocRow);
}

function parse(row: DocRow): Run {
  return JSON.parse(row.doc) as Run;
}

function parseRow(row: DocRow | undefined): Run | undefined {
  return row && parse(row);
}
