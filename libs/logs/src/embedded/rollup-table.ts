import { RunStatus, RunTrigger } from '@app/jobs';
import { HourlyRollup, RollupQuery } from '../port/history-store.js';
import { Countable, computeRollup } from '../rollup/compute-rollup.js';
import { HOUR_MS } from '../rollup/hours.js';
import { isAtLeast, mergeRollups } from '../rollup/merge-rollups.js';
import { readRollup, StoredRollup } from '../rollup/stored-rollup.js';
import { breathe, HistoryFile } from './history-file.js';

/** Name under which the roll-up of all jobs together is kept; no job has it. */
const ALL_JOBS = '';

const SLICE = 25;
const MERGE_PAGE = 1_000;

interface DirtyRow {
  readonly job_name: string;
  readonly hour: number;
}

interface CountableRow {
  readonly status: RunStatus;
  readonly trigger: RunTrigger;
  readonly scheduled_time: number;
  readonly until_time: number | null;
  readonly count: number;
  readonly start_time: number | null;
  readonly end_time: number | null;
  readonly exit_code: number | null;
}

/** Recomputes dirty roll-ups in short slices, jobs first, then the hours of all jobs together; returns how many. */
export async function recomputeRollups(file: HistoryFile, limit: number): Promise<number> {
  let done = 0;
  while (done < limit) {
    const slice = Math.min(SLICE, limit - done);
    const worked = file.write('recompute roll-ups', () => recomputeJobs(file, slice));
    done += worked;
    if (worked < slice) break;
    await breathe();
  }
  while (done < limit) {
    const dirty = file.get<DirtyRow>('SELECT * FROM rollups_dirty WHERE job_name = ? LIMIT 1', ALL_JOBS);
    if (dirty === undefined) break;
    await mergeHour(file, dirty.hour);
    done += 1;
  }
  return done;
}

/** Roll-ups by ascending hour. */
export function findRollups(file: HistoryFile, { jobName = ALL_JOBS, from, to }: RollupQuery): readonly HourlyRollup[] {
  return file
    .all<{ doc: string }>(
      'SELECT doc FROM rollups WHERE job_name = ? AND hour >= ? AND hour < ? ORDER BY hour',
      jobName,
      from,
      to,
    )
    .map((row) => readRollup(JSON.parse(row.doc) as StoredRollup));
}

function recomputeJobs(file: HistoryFile, limit: number): number {
  const dirty = file.all<DirtyRow>('SELECT * FROM rollups_dirty WHERE job_name > ? LIMIT ?', ALL_JOBS, limit);
  for (const { job_name: jobName, hour } of dirty) {
    const rollup = computeRollup(jobName, hour, touching(file, jobName, hour));
    if (isAtLeast(rollup, storedRollup(file, jobName, hour))) store(file, rollup);
    file.run('DELETE FROM rollups_dirty WHERE job_name = ? AND hour = ?', jobName, hour);
    file.run('INSERT INTO rollups_dirty (job_name, hour) VALUES (?, ?) ON CONFLICT DO NOTHING', ALL_JOBS, hour);
  }
  return dirty.length;
}

/** Unmarked first: what changes while the pages are read marks the hour again. */
async function mergeHour(file: HistoryFile, hour: number): Promise<void> {
  file.run('DELETE FROM rollups_dirty WHERE job_name = ? AND hour = ?', ALL_JOBS, hour);
  let total = mergeRollups([]);
  let after = ALL_JOBS;
  for (;;) {
    const rows = file.all<{ job_name: string; doc: string }>(
      'SELECT job_name, doc FROM rollups INDEXED BY rollups_by_hour WHERE hour = ? AND job_name > ? ORDER BY job_name LIMIT ?',
      hour,
      after,
      MERGE_PAGE,
    );
    total = mergeRollups([total, ...rows.map((row) => readRollup(JSON.parse(row.doc) as StoredRollup))]);
    const last = rows.at(-1);
    if (last === undefined || rows.length < MERGE_PAGE) break;
    after = last.job_name;
    await breathe();
  }
  file.write('recompute roll-ups', () => store(file, { ...total, jobName: ALL_JOBS, hour }));
}

function touching(file: HistoryFile, jobName: string, hour: number): readonly Countable[] {
  // Only of a failed run does anybody want to know how: whole records are dear to read.
  const columns = `status, trigger, scheduled_time, until_time, count, start_time, end_time,
    CASE status WHEN 'failed' THEN json_extract(doc, '$.exitCode') END AS exit_code`;
  const within = file.all<CountableRow>(
    `SELECT ${columns} FROM runs INDEXED BY runs_by_job
     WHERE job_name = ? AND scheduled_time >= ? AND scheduled_time < ?`,
    jobName,
    hour,
    hour + HOUR_MS,
  );
  const reaching = file.all<CountableRow>(
    `SELECT ${columns} FROM runs INDEXED BY runs_stretches
     WHERE job_name = ? AND until_time IS NOT NULL AND until_time >= ? AND scheduled_time < ?`,
    jobName,
    hour,
    hour,
  );
  return [...within, ...reaching].map(toCountable);
}

function toCountable(row: CountableRow): Countable {
  return {
    status: row.status,
    trigger: row.trigger,
    scheduledTime: row.scheduled_time,
    untilTime: row.until_time ?? undefined,
    count: row.count,
    startTime: row.start_time ?? undefined,
    endTime: row.end_time ?? undefined,
    exitCode: row.exit_code ?? undefined,
  };
}

function storedRollup(file: HistoryFile, jobName: string, hour: number): HourlyRollup | undefined {
  const row = file.get<{ doc: string }>('SELECT doc FROM rollups WHERE job_name = ? AND hour = ?', jobName, hour);
  return row && readRollup(JSON.parse(row.doc) as StoredRollup);
}

function store(file: HistoryFile, rollup: HourlyRollup): void {
  const { jobName, hour } = rollup;
  file.run('REPLACE INTO rollups (job_name, hour, doc) VALUES (?, ?, ?)', jobName, hour, JSON.stringify(rollup));
}
