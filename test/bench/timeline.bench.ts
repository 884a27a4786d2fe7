/**
 * How long 30 rows of the timeline take on the embedded history: jobs that fire every 10 s over a week, shown by the hour,
 * and jobs with 200 fires, each with its record and 8 KiB of output. Prints one JSON document; exits 1 past 300 ms.
 *
 *     npm run bench timeline
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseJobDocument, Run, StoredJob } from '@app/jobs';
import { EmbeddedHistory } from '@app/logs';
import { readRow } from '../../apps/master/src/timeline/timeline-row.js';

const ROWS = 30;
const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const WEEK = { from: NOW - 6 * 24 * HOUR_MS, to: NOW + 24 * HOUR_MS };
const TEXT = 'x'.repeat(4096);

const folder = mkdtempSync(join(tmpdir(), 'timeline-bench-'));
const history = new EmbeddedHistory(join(folder, 'history.db'));
try {
  const dense = await Promise.all(
    Array.from({ length: ROWS }, (_, i) => seed(`dense-${i}`, '*/10 * * * * *', 60_000, '')),
  );
  const marked = await Promise.all(
    Array.from({ length: ROWS }, (_, i) => seed(`marked-${i}`, '*/30 * * * *', 0, TEXT)),
  );
  while ((await history.recomputeRollups(500)) > 0);
  const day = { from: NOW - 4 * 24 * HOUR_MS, to: NOW + 3 * HOUR_MS };
  const rows = [
    await measure('by the hour, a week', dense, WEEK),
    await measure('fire by fire, 200 records of 8 KiB each', marked, day),
  ];
  process.stdout.write(`${JSON.stringify({ jobs: ROWS, rows }, undefined, 2)}\n`);
  process.exitCode = rows.some((row) => row.ms > 300) ? 1 : 0;
} finally {
  await history.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A job with a record every `everyMs`, or, at 0, one per fire of the last four days. */
async function seed(name: string, cronExpr: string, everyMs: number, output: string): Promise<StoredJob> {
  const { job, document } = parseJobDocument({ name, command: 'true', cronExpr });
  const step = everyMs || HOUR_MS / 2;
  const from = everyMs ? WEEK.from : NOW - 4 * 24 * HOUR_MS;
  const runs: Run[] = [];
  for (let at = from; at <= NOW; at += step) {
    const id = `${name}-${at}`;
    const times = { scheduledTime: at, claimedAt: at, startTime: at + 12, endTime: at + 900 };
    const facts = { id, jobName: name, trigger: 'schedule', status: 'succeeded', count: 1 } as const;
    runs.push({ ...facts, ...times, attempt: 1, rootRunId: id, output, err: output, worker: 'w1' });
  }
  for (let at = 0; at < runs.length; at += 500) await history.writeRuns(runs.slice(at, at + 500));
  return { name, revision: 1, createRevision: 1, parsed: { ok: true, job, document }, decidedUntil: NOW };
}

async function measure(what: string, jobs: readonly StoredJob[], span: { from: number; to: number }) {
  const liveRuns = { find: async () => undefined, seek: async () => undefined, list: () => [] };
  const started = performance.now();
  const rows = await Promise.all(jobs.map((job) => readRow({ history, liveRuns, now: NOW }, job, span)));
  const ms = Math.round(performance.now() - started);
  const marks = rows.reduce((sum, row) => sum + (row.marks?.length ?? 0), 0);
  return { what, ms, marks, buckets: rows.reduce((sum, row) => sum + (row.buckets?.length ?? 0), 0) };
}
