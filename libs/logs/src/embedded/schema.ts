/**
 * Tables of the embedded history. `runs.doc` is the whole record as JSON (it survives NUL and lone surrogates, which
 * SQLite text does not); the other columns repeat what lists, roll-ups and retention look for.
 *
 * Every list is a walk along one index that ends in (scheduled_time, id): see run-scan.ts for which one. Indexes that
 * begin with an id are the dear ones, for ids are digests and every insert touches another page: so first attempts, nearly
 * all runs, are not in runs_by_root.
 */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS runs (
    id TEXT NOT NULL PRIMARY KEY,
    job_name TEXT NOT NULL,
    status TEXT NOT NULL,
    trigger TEXT NOT NULL,
    scheduled_time INTEGER NOT NULL,
    until_time INTEGER,
    count INTEGER NOT NULL,
    start_time INTEGER,
    end_time INTEGER,
    worker TEXT,
    root_run_id TEXT NOT NULL,
    late INTEGER NOT NULL,
    ended_at INTEGER,
    doc TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS runs_by_time ON runs (scheduled_time, id);
  CREATE INDEX IF NOT EXISTS runs_by_job ON runs (job_name, scheduled_time, id);
  CREATE INDEX IF NOT EXISTS runs_by_job_status ON runs (job_name, status, scheduled_time, id);
  CREATE INDEX IF NOT EXISTS runs_by_status ON runs (status, scheduled_time, id);
  CREATE INDEX IF NOT EXISTS runs_by_worker ON runs (worker, scheduled_time, id) WHERE worker IS NOT NULL;
  CREATE INDEX IF NOT EXISTS runs_by_trigger ON runs (trigger, scheduled_time, id) WHERE trigger <> 'schedule';
  CREATE INDEX IF NOT EXISTS runs_by_root ON runs (root_run_id, scheduled_time, id) WHERE root_run_id <> id;
  CREATE INDEX IF NOT EXISTS runs_stretches ON runs (job_name, until_time) WHERE until_time IS NOT NULL;
  CREATE INDEX IF NOT EXISTS runs_by_end ON runs (ended_at, id) WHERE ended_at IS NOT NULL;

  CREATE TABLE IF NOT EXISTS run_output (
    run_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    job_name TEXT NOT NULL,
    stream TEXT NOT NULL,
    at INTEGER NOT NULL,
    start_offset INTEGER NOT NULL,
    cut_before INTEGER NOT NULL,
    gzipped INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS run_output_by_run ON run_output (run_id, seq);

  CREATE TABLE IF NOT EXISTS rollups (
    job_name TEXT NOT NULL,
    hour INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (job_name, hour)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS rollups_by_hour ON rollups (hour, job_name);

  CREATE TABLE IF NOT EXISTS rollups_dirty (
    job_name TEXT NOT NULL,
    hour INTEGER NOT NULL,
    PRIMARY KEY (job_name, hour)
  ) STRICT, WITHOUT ROWID;
`;
