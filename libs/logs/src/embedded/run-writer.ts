import { Run, RunStatus } from '@app/jobs';
import { HistoryRefused } from '../port/errors.js';
import { endedAt } from '../record/ended-at.js';
import { coalesceRuns, StoredState, takesOver } from '../record/precedence.js';
import { hoursOf } from '../rollup/hours.js';
import { Bound, HistoryFile } from './history-file.js';

const COLUMNS = [
  'id',
  'job_name',
  'status',
  'trigger',
  'scheduled_time',
  'until_time',
  'count',
  'start_time',
  'end_time',
  'worker',
  'root_run_id',
  'late',
  'ended_at',
  'doc',
];

const INSERT = `INSERT INTO runs (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (id) DO NOTHING`;
const REPLACE = `REPLACE INTO runs (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;
const STATE = `SELECT status, late, json_extract(doc, '$.command') AS command FROM runs WHERE id = ?`;
const MARK_DIRTY = 'INSERT INTO rollups_dirty (job_name, hour) VALUES (?, ?) ON CONFLICT DO NOTHING';

/** What `STATE` gives. */
interface StoredRow {
  readonly status: RunStatus;
  readonly late: number;
  readonly command: string | null;
}

/** Writes records in one transaction: inserts first, a guarded replacement only where the id is there already. */
export function writeRuns(file: HistoryFile, runs: readonly Run[]): void {
  const latest = coalesceRuns(runs);
  latest.forEach(checkNames);
  file.write('write runs', () => {
    for (const run of latest) {
      if (!writeRun(file, run)) continue;
      for (const hour of hoursOf(run)) file.run(MARK_DIRTY, run.jobName, hour);
    }
  });
}

/** Whether anything changed. */
function writeRun(file: HistoryFile, run: Run): boolean {
  const row = rowOf(run);
  if (file.run(INSERT, ...row) > 0) return true;
  const stored = file.get<StoredRow>(STATE, run.id);
  if (stored && !takesOver(run, stateOf(stored))) return false;
  file.run(REPLACE, ...row);
  return true;
}

function stateOf({ status, late, command }: StoredRow): StoredState {
  return { status, late: late === 1, ...(command === null ? {} : { command }) };
}

function rowOf(run: Run): Bound[] {
  return [
    run.id,
    run.jobName,
    run.status,
    run.trigger,
    run.scheduledTime,
    run.untilTime,
    run.count,
    run.startTime,
    run.endTime,
    run.worker,
    run.rootRunId,
    run.late ? 1 : 0,
    endedAt(run),
    JSON.stringify(run),
  ];
}

/** SQLite text ends at a NUL, so such names would collide with others. No valid job or run has one. */
function checkNames(run: Run): void {
  if (`${run.id}${run.jobName}${run.rootRunId}${run.worker ?? ''}`.includes('\0')) {
    throw new HistoryRefused('write runs', 'a name or an id contains a NUL');
  }
}
