import { RunStatus, RunTrigger } from '@app/jobs';
import { HourlyRollup, RollupQuery } from '../port/history-store.js';
import { Countable, computeRollup } from '../rollup/compute-rollup.js';
import { ALL_JOBS, HOUR_MS, JobHour } from '../rollup/hours.js';
import { isAtLeast, mergeRollups } from '../rollup/merge-rollups.js';
import { RollupPace } from '../rollup/rollup-pace.js';
import { readRollup, StoredRollup } from '../rollup/stored-rollup.js';
import { breathe, HistoryFile } from './history-file.js';

const SLICE = 25;
const MERGE_PAGE = 1_000;
/** Marks looked through at once for those whose turn it is. */
const MARKS_PAGE = 1_000;

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

/**
 * Recomputes dirty roll-ups in short slices, jobs first, then the hours of all jobs together; returns how many. One at a
 * time: nothing else marks the hours of all jobs, so what is counted of one does not change meanwhile.
 */
export async function recomputeRollups(file: HistoryFile, limit: number, pace?: RollupPace): Promise<number> {
  let done = 0;
  for (const marks of dirtyJobs(file)) {
    const due = marks.filter((mark) => !pace?.isResting(mark)).slice(0, limit - done);
    for (let at = 0; at < due.length; at += SLICE) {
      const slice = due.slice(at, at + SLICE);
      file.write('recompute roll-ups', () => slice.forEach((mark) => void recomputeJob(file, mark, pace)));
      await breathe();
    }
    done += due.length;
    if (done === limit) return done;
  }
  const hours = file
    .all<JobHour>('SELECT job_name AS jobName, hour FROM rollups_dirty WHERE job_name = ?', ALL_JOBS)
    .filter((mark) => !pace?.isResting(mark));
  for (const mark of hours.slice(0, limit - done)) {
    const jobs = await mergeHour(file, mark.hour);
    pace?.counted(mark, jobs);
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

/** The marks of jobs, page by page; what is marked meanwhile may be among them. */
function* dirtyJobs(file: HistoryFile): Generator<readonly JobHour[]> {
  let last: JobHour = { jobName: ALL_JOBS, hour: Number.MAX_SAFE_INTEGER };
  for (;;) {
    const marks = file.all<JobHour>(
      `SELECT job_name AS jobName, hour FROM rollups_dirty
       WHERE (job_name, hour) > (?, ?) ORDER BY job_name, hour LIMIT ?`,
      last.jobName,
      last.hour,
      MARKS_PAGE,
    );
    yield marks;
    if (marks.length < MARKS_PAGE) return;
    last = marks[MARKS_PAGE - 1]!;
  }
}

function recomputeJob(file: HistoryFile, mark: JobHour, pace: RollupPace | undefined): void {
  const { jobName, hour } = mark;
  const runs = touching(file, mark);
  const rollup = computeRollup(jobName, hour, runs);
  if (isAtLeast(rollup, storedRollup(file, jobName, hour))) store(file, rollup);
  file.run('DELETE FROM rollups_dirty WHERE job_name = ? AND hour = ?', jobName, hour);
  file.run('INSERT INTO rollups_dirty (job_name, hour) VALUES (?, ?) ON CONFLICT DO NOTHING', ALL_JOBS, hour);
  pace?.counted(mark, runs.length);
}

/** Unmarked only with what was counted: a process may end in between. Gives how many roll-ups it is made of. */
async function mergeHour(file: HistoryFile, hour: number): Promise<number> {
  let total = mergeRollups([]);
  let after = ALL_JOBS;
  let jobs = 0;
  for (;;) {
    const rows = file.all<{ job_name: string; doc: string }>(
      'SELECT job_name, doc FROM rollups INDEXED BY rollups_by_hour WHERE hour = ? AND job_name > ? ORDER BY job_name LIMIT ?',
      hour,
      after,
      MERGE_PAGE,
    );
    jobs += rows.length;
    total = mergeRollups([total, ...rows.map((row) => readRollup(JSON.parse(row.doc) as StoredRollup))]);
    const last = rows.at(-1);
    if (last === undefined || rows.length < MERGE_PAGE) break;
    after = last.job_name;
    await breathe();
  }
  file.write('recompute roll-ups', () => {
    store(file, { ...total, jobName: ALL_JOBS, hour });
    file.run('DELETE FROM rollups_dirty WHERE job_name = ? AND hour = ?', ALL_JOBS, hour);
  });
  return jobs;
}

function touching(file: HistoryFile, { jobName, hour }: JobHour): readonly Countable[] {
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
